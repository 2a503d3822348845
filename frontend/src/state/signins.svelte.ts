import * as backend from '../backend'
import type { Failure } from '../words/failures'

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

  async read(): Promise<void> {
    try {
      this.rows = await backend.signIns()
      this.failure = null
    } catch (failure) {
      this.failure = failure as Failure
    }
  }

  /** forget begins anew, with other data. */
  forget(): void {
    this.rows = null
    this.failure = null
  }
}
