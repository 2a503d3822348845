import { tick } from 'svelte'
import * as backend from '../backend'
import type { Failure } from '../shared/failures'
import * as words from './words'
import type { Told } from '../signin/words'

/** What Leaving tells the window. */
interface Listeners {
  /** Xero is being told of these, by id; the answer can take a while. */
  begun: (sentence: string, ids: string[]) => void
  /** These, by id, are not in the list any more. */
  done: (told: Told, forgotten: string[]) => void
  /** Nothing has come of it, for these. */
  failed: (failure: Failure, ids: string[]) => void
}

/**
 * Leaving is disconnecting, from the question to what has come of it: first Go
 * says what it would mean, and nothing is done before a person agrees.
 */
export class Leaving {
  /** What the dialog asks about, or null while it is closed. */
  plan = $state.raw<backend.Plan | null>(null)

  /** Counts the questions: only the last one is put, and only to who still waits for it. */
  #turn = 0
  /** Counts the data: what comes of other data is nobody's business any more. */
  #data = 0
  #ids: string[] = []
  #agreed: () => Promise<backend.Gone> = () => Promise.reject(new Error('nothing was asked'))
  readonly #tell: Listeners

  constructor(tell: Listeners) {
    this.#tell = tell
  }

  /**
   * ask asks about organisations, by id: to disconnect them, or to forget them
   * too. Wanted reports whether that is still so when the question is ready.
   */
  ask(ids: string[], forget: boolean, wanted: () => boolean): Promise<void> {
    return this.#ask(
      ids,
      () => backend.planDisconnect(ids, forget),
      () => backend.disconnect(ids, forget),
      wanted,
    )
  }

  /** askSignIn asks about everything that a sign-in reaches, by its id. */
  askSignIn(id: string): Promise<void> {
    return this.#ask(
      [],
      () => backend.planDisconnectSignIn(id),
      () => backend.disconnectSignIn(id),
    )
  }

  async #ask(
    ids: string[],
    plan: () => Promise<backend.Plan>,
    agreed: () => Promise<backend.Gone>,
    wanted = () => true,
  ): Promise<void> {
    const turn = ++this.#turn
    const asked = () => turn === this.#turn && wanted()
    try {
      const ready = await plan()
      if (!asked()) return
      this.plan = ready
      this.#ids = ids
      this.#agreed = agreed
    } catch (failure) {
      if (asked()) this.#tell.failed(failure as Failure, []) // their marks were not taken
    }
  }

  cancel(): void {
    this.plan = null
  }

  /** forgo drops a question that is not ready yet: the person has gone on. */
  forgo(): void {
    this.#turn++
  }

  /** forget begins anew, with other data. */
  forget(): void {
    this.forgo()
    this.#data++
    this.plan = null
  }

  /** agree does what was asked about, and returns when Xero was told or could not be. */
  async agree(): Promise<void> {
    const { plan } = this
    const ids = this.#ids
    const agreed = this.#agreed
    const data = this.#data
    if (!plan) return
    this.plan = null
    await tick() // the dialog gives the focus back to what is still there
    this.#tell.begun(words.telling, ids)
    try {
      const gone = await agreed()
      if (data !== this.#data) return
      this.#tell.done(words.after(plan, gone), plan.forget && gone.waiting === 0 ? ids : [])
    } catch (failure) {
      if (data === this.#data) this.#tell.failed(failure as Failure, ids)
    }
  }
}
