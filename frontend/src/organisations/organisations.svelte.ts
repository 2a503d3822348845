import { untrack } from 'svelte'
import { SvelteMap } from 'svelte/reactivity'
import * as backend from '../backend'
import type { Failure } from '../shared/failures'

/** The rows of a block: the list is fetched in blocks, as it is scrolled. */
export const blockSize = 100
/** The most rows that Go returns at once. */
const most = 500
/** How long an organisation is marked as new, in milliseconds. */
export const freshFor = 6000

/** A row that the table shall show and give the focus to. */
export interface Target {
  index: number
}

/**
 * Organisations is the list as the window sees it: the query, the rows that
 * have been fetched for it, and the counts. Rows outside the fetched blocks
 * are undefined until they are needed.
 */
export class Organisations {
  search = $state('')
  attentionOnly = $state(false)
  sort = $state<backend.Sort>('status')
  descending = $state(false)

  matching = $state(0)
  total = $state(0)
  attention = $state(0)
  /** Whether any answer has arrived yet. */
  known = $state(false)
  failure = $state.raw<Failure | null>(null)
  /** IDs of the organisations that the last sign-in brought, just now. */
  fresh = $state.raw<ReadonlySet<string>>(new Set())
  target = $state.raw<Target | null>(null)
  /** Counts the queries answered: a new one begins at its first row. */
  answered = $state(0)

  readonly #blocks = new SvelteMap<number, backend.Row[]>()
  readonly #asked = new Set<number>()
  #query = 0
  /** Counts what was asked of the list: whatever was begun before does not move it any more. */
  #turn = 0
  #latest: Promise<boolean> = Promise.resolve(false)
  #unanswered = false
  #revision = -1
  #first = 0
  #last = 0
  #fading: ReturnType<typeof setTimeout> | undefined

  /** Names that more than one fetched row bears. */
  readonly twins: ReadonlySet<string> = $derived.by(() => {
    const seen = new Set<string>()
    const twice = new Set<string>()
    for (const rows of this.#blocks.values()) {
      for (const { name } of rows) (seen.has(name) ? twice : seen).add(name)
    }
    return twice
  })

  /** The revision of the rows that are here; -1 before any are. */
  get revision(): number {
    return this.#revision
  }

  /** What Go is asked, but for which rows. */
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

  /** ask changes the query and fetches its first rows. It reports whether that is still the query then. */
  async ask(
    change: Partial<Pick<Organisations, 'search' | 'attentionOnly' | 'sort' | 'descending'>>,
  ): Promise<boolean> {
    const turn = ++this.#turn
    Object.assign(this, change)
    this.#first = this.#last = 0
    this.#unanswered = true
    await this.#begin(0, blockSize)
    await this.#settled()
    return turn === this.#turn && !this.#unanswered
  }

  /** settled waits for the answer to the query as it is now: rows may be fetched again meanwhile. */
  async #settled(): Promise<void> {
    let latest
    do await (latest = this.#latest)
    while (latest !== this.#latest)
  }

  /** orderBy sorts by a column, or turns the order round if it is sorted so already. */
  orderBy(sort: backend.Sort): Promise<boolean> {
    return this.ask({ sort, descending: this.sort === sort && !this.descending })
  }

  /** reload fetches again what is being looked at; everything else when it is needed. */
  async reload(): Promise<void> {
    const from = Math.floor(this.#first / blockSize) * blockSize
    const to = Math.ceil((this.#last + 1) / blockSize) * blockSize
    await this.#begin(from, Math.min(most, to - from))
  }

  /** need fetches the blocks of rows first to last that are not here yet. */
  async need(first: number, last: number): Promise<void> {
    this.#first = first
    this.#last = last
    if (!this.known) return
    const wanted: Promise<unknown>[] = []
    for (let block = Math.floor(first / blockSize); block * blockSize <= last; block++) {
      if (this.#blocks.has(block) || this.#asked.has(block)) continue
      this.#asked.add(block)
      // Only the presence of blocks may call this again, not the query's parts.
      wanted.push(untrack(() => this.#fetch(block * blockSize, blockSize, this.#query)))
    }
    await Promise.all(wanted)
  }

  /**
   * show brings organisations into view and marks them as new for a while.
   * Whatever hides the first of them, a search or a filter, is cleared.
   */
  async show(ids: string[]): Promise<void> {
    const fresh = new Set(ids)
    this.fresh = fresh
    // By the clock, because a row is drawn again by much that does not make it new.
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
   * showCarried orders all of the list by sign-in and brings the first
   * organisation of one into view: one that it carries, or that it reaches too.
   */
  async showCarried({ id, name }: Pick<backend.SignInRow, 'id' | 'name'>): Promise<void> {
    const all = { search: '', attentionOnly: false, sort: 'sign-in', descending: false } as const
    if (!(await this.ask(all))) return
    const turn = this.#turn
    let index = await this.#find((row) => row.carrier === id)
    if (index < 0 && turn === this.#turn)
      index = await this.#find((row) => row.signIns.includes(name))
    if (index >= 0) this.target = { index }
  }

  /** shown is for the table to say that the target has the focus. */
  shown(): void {
    this.target = null
  }

  /** find returns the place of the first row in the list that is wanted, or -1, also when something else is asked meanwhile. */
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
    // The rows were fetched again: their order may be another.
    return query === this.#query || turn !== this.#turn ? -1 : this.#find(wanted)
  }

  /** begin fetches for the query as it is now; answers to earlier ones are dropped. */
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
      // Rows of two revisions do not fit together: keep the newer ones only.
      if (anew || answer.revision !== this.#revision) this.#blocks.clear()
      this.#keep(answer)
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

  #keep(answer: backend.Rows): void {
    this.failure = null
    this.known = true
    this.#revision = answer.revision
    this.matching = answer.matching
    this.total = answer.total
    this.attention = answer.attention
    for (let i = 0; i < answer.rows.length; i += blockSize) {
      const block = Math.floor((answer.offset + i) / blockSize)
      this.#blocks.set(block, answer.rows.slice(i, i + blockSize))
    }
  }
}
