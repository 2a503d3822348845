import { tick } from 'svelte'
import * as backend from '../backend'
import type { Calls } from '../shared/calls'
import { List } from './list.svelte'
import { Selection } from './selection.svelte'
import * as words from './words'

/** Organisations is the screen of the list: its rows, the selection, and the repair plan. */
export class Organisations {
  readonly list = new List()
  readonly selection: Selection
  /** Counts the finished steps of the repair plan. */
  repaired = $state(0)

  readonly #calls: Calls
  #counts: backend.Overview['counts'] = []
  #otherData = false

  constructor(calls: Calls) {
    this.#calls = calls
    this.selection = new Selection(this.list, (failure) => calls.messages.fail(failure))
  }

  /** follow fetches the rows again if the rows in the window are of another revision. */
  async follow({ revision, counts }: Pick<backend.Overview, 'revision' | 'counts'>): Promise<void> {
    this.#counts = counts
    if (this.#otherData) {
      this.#otherData = false
      await this.list.ask({ search: '', attentionOnly: false })
    } else if (revision !== this.list.revision) await this.list.reload()
  }

  /** forget clears the selection; the next follow clears the search and fetches all rows. */
  forget(): void {
    this.selection.clear()
    this.#otherData = true
  }

  /** search says the number of organisations found, unless the search is empty or outdated. */
  async search(search: string): Promise<void> {
    if ((await this.list.ask({ search })) && search !== '')
      this.#calls.messages.speak(words.table.found(this.list.matching))
  }

  /** repair marks the organisations of a finished step, by ID, and moves the plan to the next step. */
  async repair(ids: string[]): Promise<void> {
    this.list.fresh = new Set(ids)
    await tick()
    this.repaired++
  }

  /**
   * showOthers shows the organisations that need something other than a sign-in:
   * the rows after those of ended sign-ins.
   */
  async showOthers(): Promise<void> {
    const query = { search: '', attentionOnly: true, sort: 'status', descending: false } as const
    if (!(await this.list.ask(query))) return
    const waiting = this.#counts.find(({ status }) => status === 'sign-in-again')
    this.list.target = { index: waiting?.organisations ?? 0 }
  }

  /** connectAgain connects an organisation, by ID, that was disconnected in Bookring. */
  connectAgain(id: string): Promise<void> {
    return this.#calls.change(() => backend.connectAgain(id))
  }
}
