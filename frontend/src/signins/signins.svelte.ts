import * as backend from '../backend'
import type { Calls } from '../shared/calls'
import type { Failure } from '../shared/failures'
import type { SignIn } from '../signin/signin.svelte'
import * as words from './words'

/** SignIns is the screen of the sign-ins: each user who signed in, and the organisations behind the sign-in. */
export class SignIns {
  /** Null before the first answer. */
  rows = $state.raw<readonly backend.SignInRow[] | null>(null)
  /** The failure of the last reading, or null. The rows read before stay. */
  failure = $state.raw<Failure | null>(null)
  /** The number of ended or unchecked sign-ins. */
  readonly troubled: number = $derived(
    this.rows?.filter(({ state }) => state === 'ended' || state === 'unchecked').length ?? 0,
  )

  readonly #calls: Calls
  readonly #signIn: SignIn
  #shown = false
  #revision = -1
  /** Counts the readings: only the answer to the last reading counts. */
  #turn = 0

  constructor(calls: Calls, signIn: SignIn) {
    this.#calls = calls
    this.#signIn = signIn
  }

  /** follow reads the sign-ins again if the screen is shown and the revision has changed. */
  async follow({ revision }: Pick<backend.Overview, 'revision'>): Promise<void> {
    const moved = revision !== this.#revision
    this.#revision = revision
    if (moved && this.#shown) await this.read()
  }

  /** show reads the sign-ins; from now on follow reads the sign-ins, too. */
  show(): Promise<void> {
    this.#shown = true
    return this.read()
  }

  hide(): void {
    this.#shown = false
  }

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

  forget(): void {
    this.#turn++
    this.#revision = -1
    this.rows = null
    this.failure = null
  }

  /** signInAgain starts a sign-in for a user, by the ID of the user's sign-in. */
  signInAgain(id: string): Promise<void> {
    return this.#signIn.again(id)
  }

  /** renew renews a sign-in now, due or not. */
  async renew(of: Pick<backend.SignInRow, 'id' | 'name'>): Promise<void> {
    const { messages } = this.#calls
    messages.dismiss()
    try {
      const until = await backend.renewNow(of.id)
      messages.tellBeside(words.renewed(of.name, until, Date.now()))
    } catch (reason) {
      const failure = reason as Failure
      const ended = failure.code === 'sign-in-ended'
      messages.fail(failure, () => (ended ? this.signInAgain(of.id) : this.renew(of)))
    }
    await this.#calls.refresh()
  }

  saveCalendar(): Promise<void> {
    this.#calls.messages.dismiss()
    return this.#calls.tell(backend.saveCalendar, words.calendar.saved)
  }
}
