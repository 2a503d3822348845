import { tick } from 'svelte'
import * as backend from '../backend'
import type { Calls } from '../shared/calls'
import type { Failure } from '../shared/failures'
import type { SignIn } from '../signin/signin.svelte'
import * as words from './words'

/** The marks on the organisations of the list, by ID. */
interface Marks {
  add(ids: string[]): void
  remove(ids: string[]): void
}

/**
 * Disconnecting runs from the question to the result: first Go plans the
 * effects, and nothing is disconnected before the user agrees.
 */
export class Disconnecting {
  /** The plan in the dialog, or null while the dialog is closed. */
  plan = $state.raw<backend.Plan | null>(null)
  /** Whether the history keeps the names of organisations to forget. */
  keepName = $state(false)

  readonly #calls: Calls
  readonly #signIn: SignIn
  readonly #marks: Marks
  /** Counts the questions: only the last question opens the dialog, and only if still wanted. */
  #turn = 0
  /** Counts the data: results about earlier data are dropped. */
  #data = 0
  #ids: string[] = []
  #agreed: (keepName: boolean) => Promise<backend.DisconnectResult> = () =>
    Promise.reject(new Error('nothing was asked'))

  constructor(calls: Calls, signIn: SignIn, marks: Marks) {
    this.#calls = calls
    this.#signIn = signIn
    this.#marks = marks
  }

  /** follow drops a question in preparation once a sign-in is open: two dialogs never overlap. */
  follow(): void {
    if (this.#signIn.open) this.forgo()
  }

  forget(): void {
    this.forgo()
    this.#data++
    this.plan = null
  }

  /**
   * ask asks whether to disconnect organisations, by ID, or to forget them too.
   * wanted reports whether the question is still wanted once the plan is ready.
   */
  ask(ids: string[], forget: boolean, wanted: () => boolean): Promise<void> {
    return this.#ask(
      ids,
      () => backend.planDisconnect(ids, forget),
      (keepName) => backend.disconnect(ids, forget, keepName),
      wanted,
    )
  }

  /** askSignIn asks whether to disconnect everything that a sign-in reaches. */
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
    agreed: (keepName: boolean) => Promise<backend.DisconnectResult>,
    wanted = () => true,
  ): Promise<void> {
    const turn = ++this.#turn
    const asked = () => turn === this.#turn && wanted()
    try {
      const ready = await plan()
      if (!asked()) return
      this.plan = ready
      this.keepName = false
      this.#ids = ids
      this.#agreed = agreed
    } catch (failure) {
      if (asked()) this.#calls.messages.fail(failure as Failure)
    }
  }

  cancel(): void {
    this.plan = null
  }

  /** forgo drops a question in preparation. */
  forgo(): void {
    this.#turn++
  }

  /** agree disconnects as planned and returns once Xero has answered or could not be reached. */
  async agree(): Promise<void> {
    const { plan, keepName } = this
    const ids = this.#ids
    const agreed = this.#agreed
    const data = this.#data
    if (!plan) return
    this.plan = null
    await tick() // the closing dialog returns the focus to a button that is still in the page
    this.#marks.remove(ids)
    this.#calls.messages.say(words.telling)
    try {
      const result = await agreed(keepName)
      if (data !== this.#data) return
      if (plan.forget && result.pending === 0) this.#marks.remove(ids)
      this.#calls.messages.tellBeside(words.after(plan, result))
      void this.#calls.refresh()
    } catch (failure) {
      if (data !== this.#data) return
      this.#marks.add(ids)
      this.#calls.messages.fail(failure as Failure)
    }
  }
}
