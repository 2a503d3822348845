import * as backend from '../backend'
import type { Failure } from '../shared/failures'

/** SignIns are the people who signed in, and what each of them carries. */
export class SignIns {
  /** Null until they were read. */
  rows = $state.raw<readonly backend.SignInRow[] | null>(null)
  /** Why they could not be read, or null. What was read before stays. */
  failure = $state.raw<Failure | null>(null)
  /** How many of them ended, or could not be checked. */
  readonly inDoubt: number = $derived(
    this.rows?.filter(({ state }) => state === 'ended' || state === 'unchecked').length ?? 0,
  )

  /** Counts the questions: only the last one's answer is taken. */
  #turn = 0

  async read(): Promise<void> {
    const turn = ++this.#turn
    try {
      const rows = await backend.signIns()
      if (turn !== this.#turn) return
      this.rows = rows
      this.failure = null
    } catch (failure) {
      if (turn === this.#turn) this.failure = failure as Failure
    }
  }

  /** forget begins anew, with other data. */
  forget(): void {
    this.#turn++
    this.rows = null
    this.failure = null
  }
}
