import { SvelteSet } from 'svelte/reactivity'
import * as backend from '../backend'
import type { Failure } from '../shared/failures'
import type { Organisations } from './organisations.svelte'

/**
 * Selection is which organisations a person has marked, by id: it outlives
 * scrolling, sorting, searching and every new answer of Go's.
 */
export class Selection {
  readonly ids = new SvelteSet<string>()
  /** The organisation from which Shift marks on, by id; "" is the first in the list. */
  #anchor = ''
  /** Counts how often all marks were taken away: what was asked for before that is not marked. */
  #cleared = 0

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
    this.#anchor = id
    if (!this.ids.delete(id)) this.ids.add(id)
  }

  /** reach marks every row from the last one toggled to this one. */
  async reach(index: number): Promise<void> {
    const anchor = this.#anchor
    const id = this.#list.row(index)?.id
    const all = await this.#matching()
    // By id, because Go may have ordered the list anew since.
    const at = all.indexOf(id ?? '')
    if (at < 0) return
    const from = anchor === '' ? 0 : all.indexOf(anchor)
    const other = from < 0 ? at : from
    this.add(all.slice(Math.min(at, other), Math.max(at, other) + 1))
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
