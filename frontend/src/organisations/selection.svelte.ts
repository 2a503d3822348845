import { SvelteSet } from 'svelte/reactivity'
import * as backend from '../backend'
import type { Failure } from '../shared/failures'
import type { List } from './list.svelte'

/**
 * Selection holds the IDs of the marked organisations. Scrolling, sorting,
 * searching and new answers from Go do not change the selection.
 */
export class Selection {
  readonly ids = new SvelteSet<string>()
  /** The ID of the organisation where a range marked with Shift begins; "" stands for the first row. */
  #anchor = ''
  /** Counts the calls of clear: an answer to an earlier question marks nothing. */
  #cleared = 0

  readonly #list: List
  readonly #failed: (failure: Failure) => void

  constructor(list: List, failed: (failure: Failure) => void) {
    this.#list = list
    this.#failed = failed
  }

  /** mark toggles the row at an index, or with through marks every row from the last toggled row. */
  async mark(index: number, through: boolean): Promise<void> {
    if (through) await this.reach(index)
    else this.toggle(index)
  }

  /** toggle marks the row at an index or removes the mark. */
  toggle(index: number): void {
    const id = this.#list.row(index)?.id
    if (id === undefined) return
    this.#anchor = id
    if (!this.ids.delete(id)) this.ids.add(id)
  }

  /** reach marks every row from the last toggled row to the given row. */
  async reach(index: number): Promise<void> {
    const anchor = this.#anchor
    const id = this.#list.row(index)?.id
    const all = await this.#matching()
    // By ID, because Go may have ordered the list again since.
    const at = all.indexOf(id ?? '')
    if (at < 0) return
    const from = anchor === '' ? 0 : all.indexOf(anchor)
    const other = from < 0 ? at : from
    this.add(all.slice(Math.min(at, other), Math.max(at, other) + 1))
  }

  /** all marks every organisation matching the search and the filter. */
  async all(): Promise<void> {
    this.add(await this.#matching())
  }

  add(ids: string[]): void {
    for (const id of ids) this.ids.add(id)
  }

  remove(ids: string[]): void {
    for (const id of ids) this.ids.delete(id)
  }

  clear(): void {
    this.#cleared++
    this.ids.clear()
  }

  async #matching(): Promise<string[]> {
    const cleared = this.#cleared
    try {
      const ids = await backend.organisationIDs(this.#list.query)
      return cleared === this.#cleared ? ids : []
    } catch (failure) {
      this.#failed(failure as Failure)
      return []
    }
  }
}
