import { SvelteSet } from 'svelte/reactivity'
import * as backend from '../backend'
import type { Failure } from '../words/failures'
import type { Organisations } from './organisations.svelte'

/**
 * Selection is which organisations a person has marked, by id: it outlives
 * scrolling, sorting, searching and every new answer of Go's.
 */
export class Selection {
  readonly ids = new SvelteSet<string>()
  /** The row from which Shift marks on. */
  #anchor = 0

  readonly #list: Organisations
  readonly #failed: (failure: Failure) => void

  constructor(list: Organisations, failed: (failure: Failure) => void) {
    this.#list = list
    this.#failed = failed
  }

  /** toggle marks the row at a place, or takes its mark away. */
  toggle(index: number): void {
    const id = this.#list.row(index)?.id
    if (id === undefined) return
    this.#anchor = index
    if (!this.ids.delete(id)) this.ids.add(id)
  }

  /** reach marks every row from the last one toggled to this one. */
  async reach(index: number): Promise<void> {
    const from = Math.min(this.#anchor, index)
    const to = Math.max(this.#anchor, index)
    const all = await this.#matching()
    this.add(all.slice(from, to + 1))
  }

  /** all marks every organisation that matches the search and the filter. */
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
    this.ids.clear()
  }

  async #matching(): Promise<string[]> {
    try {
      return await backend.organisationIDs(this.#list.query)
    } catch (failure) {
      this.#failed(failure as Failure)
      return []
    }
  }
}
