import { tick } from 'svelte'
import * as backend from '../backend'
import type { Failure } from '../words/failures'
import * as words from '../words/leaving'
import type { Told } from '../words/outcome'

/** What Leaving tells the window. */
interface Listeners {
  /** Xero is being told of these, by id; the answer can take a while. */
  begun: (sentence: string, ids: string[]) => void
  done: (told: Told) => void
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

  #ids: string[] = []
  #agreed: () => Promise<backend.Gone> = () => Promise.reject(new Error('nothing was asked'))
  readonly #tell: Listeners

  constructor(tell: Listeners) {
    this.#tell = tell
  }

  /** ask asks about organisations, by id: to disconnect them, or to forget them too. */
  ask(ids: string[], forget: boolean): Promise<void> {
    return this.#ask(
      ids,
      () => backend.planDisconnect(ids, forget),
      () => backend.disconnect(ids, forget),
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
  ): Promise<void> {
    try {
      this.plan = await plan()
      this.#ids = ids
      this.#agreed = agreed
    } catch (failure) {
      this.#tell.failed(failure as Failure, ids)
    }
  }

  cancel(): void {
    this.plan = null
  }

  /** agree does what was asked about, and returns when Xero was told or could not be. */
  async agree(): Promise<void> {
    const { plan } = this
    const ids = this.#ids
    const agreed = this.#agreed
    if (!plan) return
    this.plan = null
    await tick() // the dialog gives the focus back to what is still there
    this.#tell.begun(words.telling, ids)
    try {
      this.#tell.done(words.after(plan, await agreed()))
    } catch (failure) {
      this.#tell.failed(failure as Failure, ids)
    }
  }
}
