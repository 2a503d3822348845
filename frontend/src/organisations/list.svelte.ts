import { untrack } from 'svelte'
import { SvelteMap } from 'svelte/reactivity'
import * as backend from '../backend'
import type { Failure } from '../shared/failures'

/** The rows of a block: scrolling fetches the list block by block. */
const blockSize = 100
/** The most rows that Go returns at once. */
const most = 500
/** How long an organisation is marked as new, in milliseconds. */
export const freshFor = 6000

/** A row that the table will show and give the focus to. */
export interface Target {
  index: number
}

/**
 * List is the list of organisations in the window: the query, the rows fetched
 * for the query, and the counts. Rows outside the fetched blocks are undefined
 * until the table needs them.
 */
export class List {
  search = $state('')
  attentionOnly = $state(false)
  sort = $state<backend.Sort>('status')
  descending = $state(false)

  matching = $state(0)
  attention = $state(0)
  /** Whether any answer has arrived yet. */
  known = $state(false)
  failure = $state.raw<Failure | null>(null)
  /** IDs of the organisations that the last sign-in connected a moment ago. */
  fresh = $state.raw<ReadonlySet<string>>(new Set())
  target = $state.raw<Target | null>(null)
  /** Counts the answered queries: the table scrolls to the first row of a new query. */
  answered = $state(0)

  readonly #blocks = new SvelteMap<number, backend.Row[]>()
  readonly #asked = new Set<number>()
  #query = 0
  /** Counts the changes of the query: an earlier call no longer moves the list. */
  #turn = 0
  #latest: Promise<boolean> = Promise.resolve(false)
  #unanswered = false
  #revision = -1
  #first = 0
  #last = 0
  #fading: ReturnType<typeof setTimeout> | undefined

  /** Names shared by several fetched rows. */
  readonly twins: ReadonlySet<string> = $derived.by(() => {
    const seen = new Set<string>()
    const twice = new Set<string>()
    for (const rows of this.#blocks.values()) {
      for (const { name } of rows) (seen.has(name) ? twice : seen).add(name)
    }
    return twice
  })

  /** The revision of the fetched rows, or -1 before the first answer. */
  get revision(): number {
    return this.#revision
  }

  /** The query to Go, without a range of rows. */
  get query(): backend.Query {
    return {
      search: this.search,
      attention: this.attentionOnly,
      sort: this.sort,
      descending: this.descending,
      offset: 0,
      limit: 0,
    }
  }

  row(index: number): backend.Row | undefined {
    return this.#blocks.get(Math.floor(index / blockSize))?.[index % blockSize]
  }

  /** ask changes the query, fetches the first rows, and reports whether the query is still the same afterwards. */
  async ask(
    change: Partial<Pick<List, 'search' | 'attentionOnly' | 'sort' | 'descending'>>,
  ): Promise<boolean> {
    const turn = ++this.#turn
    Object.assign(this, change)
    this.#first = this.#last = 0
    this.#unanswered = true
    await this.#begin(0, blockSize)
    await this.#settled()
    return turn === this.#turn && !this.#unanswered
  }

  /** settled waits for the answer to the present query, also if the rows are fetched again meanwhile. */
  async #settled(): Promise<void> {
    let latest
    do await (latest = this.#latest)
    while (latest !== this.#latest)
  }

  /** orderBy sorts by a column, or reverses the order of a list sorted by the column. */
  orderBy(sort: backend.Sort): Promise<boolean> {
    return this.ask({ sort, descending: this.sort === sort && !this.descending })
  }

  /** reload fetches the visible rows again, and later the other rows as the table needs them. */
  async reload(): Promise<void> {
    const from = Math.floor(this.#first / blockSize) * blockSize
    const to = Math.ceil((this.#last + 1) / blockSize) * blockSize
    await this.#begin(from, Math.min(most, to - from))
  }

  /** need fetches the missing blocks of the rows first to last. */
  async need(first: number, last: number): Promise<void> {
    this.#first = first
    this.#last = last
    if (!this.known) return
    const wanted: Promise<unknown>[] = []
    for (let block = Math.floor(first / blockSize); block * blockSize <= last; block++) {
      if (this.#blocks.has(block) || this.#asked.has(block)) continue
      this.#asked.add(block)
      // An effect calls need again after a change of the blocks, but not of the query.
      wanted.push(untrack(() => this.#fetch(block * blockSize, blockSize, this.#query)))
    }
    await Promise.all(wanted)
  }

  /**
   * show brings organisations, by ID, into view and marks the rows as new for a
   * while. It clears a search or a filter that hides the first organisation.
   */
  async show(ids: string[]): Promise<void> {
    const fresh = new Set(ids)
    this.fresh = fresh
    // A clock ends the mark, because a row is also drawn again for other reasons.
    clearTimeout(this.#fading)
    this.#fading = setTimeout(() => (this.fresh = new Set()), freshFor)
    const turn = this.#turn
    const found = await this.#find((row) => fresh.has(row.id))
    if (found >= 0) this.target = { index: found }
    if (found >= 0 || turn !== this.#turn || (this.search === '' && !this.attentionOnly)) return
    if (!(await this.ask({ search: '', attentionOnly: false }))) return
    const index = await this.#find((row) => fresh.has(row.id))
    if (index >= 0) this.target = { index }
  }

  /**
   * showSignIn orders the whole list by sign-in and brings the first
   * organisation of a sign-in into view: first sought among the organisations
   * that the sign-in carries, then among all that the sign-in reaches.
   */
  async showSignIn({ id, name }: Pick<backend.SignInRow, 'id' | 'name'>): Promise<void> {
    const all = { search: '', attentionOnly: false, sort: 'sign-in', descending: false } as const
    if (!(await this.ask(all))) return
    const turn = this.#turn
    let index = await this.#find((row) => row.firstSignIn === id)
    if (index < 0 && turn === this.#turn)
      index = await this.#find((row) => row.signIns.includes(name))
    if (index >= 0) this.target = { index }
  }

  /** shown ends the search for a target once the target has the focus. */
  shown(): void {
    this.target = null
  }

  /** find returns the index of the first wanted row, or -1. A change of the query meanwhile also gives -1. */
  async #find(wanted: (row: backend.Row) => boolean): Promise<number> {
    const turn = this.#turn
    await this.#settled()
    const query = this.#query
    for (let from = 0; from < this.matching && query === this.#query; from += most) {
      const blocks = Array.from({ length: most / blockSize }, (_, n) => from / blockSize + n)
      const here = blocks.every((b) => b * blockSize >= this.matching || this.#blocks.has(b))
      if (!here) await this.#fetch(from, most, query)
      if (query !== this.#query) break
      const to = Math.min(from + most, this.matching)
      for (let i = from; i < to; i++) {
        const row = this.row(i)
        if (row && wanted(row)) return i
      }
    }
    // The rows were fetched again, perhaps in another order.
    return query === this.#query || turn !== this.#turn ? -1 : this.#find(wanted)
  }

  /** begin fetches rows for the present query; answers to earlier queries are dropped. */
  #begin(offset: number, limit: number): Promise<boolean> {
    this.#query++
    this.#asked.clear()
    this.#latest = this.#fetch(offset, limit, this.#query, true)
    return this.#latest
  }

  async #fetch(offset: number, limit: number, query: number, anew = false): Promise<boolean> {
    try {
      const answer = await backend.organisations({ ...this.query, offset, limit })
      if (query !== this.#query) return false
      // Rows of two revisions do not fit together.
      if (anew || answer.revision !== this.#revision) this.#blocks.clear()
      this.#store(answer)
      if (anew && this.#unanswered) {
        this.#unanswered = false
        this.answered++
      }
      return true
    } catch (failure) {
      if (query === this.#query) this.failure = failure as Failure
      return false
    } finally {
      if (query === this.#query) this.#asked.delete(Math.floor(offset / blockSize))
    }
  }

  #store(answer: backend.Rows): void {
    this.failure = null
    this.known = true
    this.#revision = answer.revision
    this.matching = answer.matching
    this.attention = answer.attention
    for (let i = 0; i < answer.rows.length; i += blockSize) {
      const block = Math.floor((answer.offset + i) / blockSize)
      this.#blocks.set(block, answer.rows.slice(i, i + blockSize))
    }
  }
}
