import * as backend from '../backend'
import { seconds } from '../shared/clock'
import type { Action, Failure } from '../shared/failures'
import type { Messages } from '../shared/messages.svelte'
import { addresses, spoken } from '../shared/words'
import { signIn as words } from './words'

const nothing: backend.Progress = {
  number: 0,
  phase: 'idle',
  deadline: '',
  browserFailed: false,
  expected: '',
  pending: 0,
  unsaved: 0,
  late: { number: 0 },
}

/** The codes of a sign-in that the user has cancelled, with what still goes on. */
const cancelled: Record<string, string> = {
  cancelled: words.cancelled,
  'cancelled-waiting': words.cancelledWaiting,
  'cancelled-late': words.cancelledLate,
}

/** The milliseconds after which the user may have no browser in front. */
const patience = 10_000

/**
 * SignIn is the round through the browser. Go decides the phase, whether the
 * round started in the window or on the browser's page. SignIn follows the
 * phase and passes the buttons of the dialog on to Go.
 */
export class SignIn {
  progress = $state.raw<backend.Progress>(nothing)
  /** The effect of the last button pressed in the dialog, or the failure. */
  message = $state('')
  problem = $state.raw<Failure | null>(null)
  /** The failure of a sign-in that could not start. */
  #refused = $state.raw<Failure | null>(null)
  #dismissed = $state(0)
  /** The time at which the window first showed the waiting round. */
  #waitingSince = $state(0)
  /** The ID of the sign-in that the round was started for, or "". Try again uses the same ID. */
  #as = ''
  /** The number of the last round with a reported end, and of the last late end. */
  #told: number | undefined
  #toldLate = 0

  readonly waiting = $derived(['opening', 'waiting', 'reading'].includes(this.progress.phase))
  readonly failure: Failure | null = $derived.by(() => {
    if (this.waiting) return null
    if (this.#refused) return this.#refused
    const { phase, failed, number } = this.progress
    if (phase !== 'failed' || !failed || number <= this.#dismissed) return null
    return failed.code in cancelled ? null : (failed as Failure)
  })
  /** Bookring goes on by itself after this failure. */
  readonly goesOn = $derived(
    this.progress.pending > 0 && this.failure?.code.startsWith('keychain-') === false,
  )
  /** The browser has not come back for a while: perhaps none has opened. */
  readonly unanswered = $derived(
    this.progress.phase === 'waiting' && seconds.now - this.#waitingSince >= patience,
  )
  /** The browser can still answer a cancelled sign-in. */
  get openInBrowser(): boolean {
    const { failed, deadline } = this.progress
    return failed?.code === 'cancelled-waiting' && Date.parse(deadline) > Date.now()
  }
  readonly open = $derived(this.waiting || this.failure !== null)

  readonly #messages: Messages
  readonly #connected: (brought: backend.Connected, expected: string) => void
  readonly #connectedLate: (brought: backend.Connected) => void

  /**
   * connected is called once after each round that succeeded, with the name of the
   * expected person, or "". connectedLate is called for a sign-in that the window no longer
   * showed.
   */
  constructor(
    messages: Messages,
    connected: (brought: backend.Connected, expected: string) => void,
    connectedLate: (brought: backend.Connected) => void,
  ) {
    this.#messages = messages
    this.#connected = connected
    this.#connectedLate = connectedLate
  }

  /** follow reports the end of each round once, except ends from before the window opened. */
  follow({ signIn: progress }: Pick<backend.Overview, 'signIn'>): void {
    if (progress.number < this.progress.number) this.forget() // Go opened the data again
    const before = this.progress
    this.progress = progress
    if (progress.number !== before.number || progress.phase !== before.phase) {
      this.problem = null
      this.message = ''
    }
    const asBefore = progress.number === before.number && before.phase === 'waiting'
    if (progress.phase === 'waiting' && !asBefore) this.#waitingSince = Date.now()
    this.#followLate(progress, before)
    if (this.waiting) {
      this.#refused = null
      if (progress.expected === '') this.#as = '' // started on the browser's page
    }
    const ended = progress.phase === 'done' || progress.phase === 'failed'
    if (this.#told === undefined) {
      this.#told = ended ? progress.number : progress.number - 1
      if (ended) this.#dismissed = progress.number
      return
    }
    if (!ended || progress.number <= this.#told) return
    this.#told = progress.number
    if (progress.connected) this.#connected(progress.connected, progress.expected)
    const ending = cancelled[progress.failed?.code ?? '']
    if (ending) this.#messages.say(ending)
  }

  /** followLate reports the end of a sign-in that the window no longer showed. */
  #followLate({ late, pending }: backend.Progress, before: backend.Progress): void {
    const ends = late.number - this.#toldLate
    this.#toldLate = late.number
    if (ends <= 0) return
    if (late.failed) this.#messages.fail(late.failed as Failure)
    if (late.connected) {
      if (before.pending > pending) this.dismiss() // the failure before has mended itself
      this.#connectedLate(late.connected)
    }
    if (ends > 1) this.#messages.say(words.moreLate(ends - 1))
  }

  /** forget starts again: Go counts the rounds of other data from 0. */
  forget(): void {
    this.progress = nothing
    this.problem = this.#refused = null
    this.message = ''
    this.#dismissed = 0
    this.#told = undefined
    this.#toldLate = 0
  }

  /**
   * connect starts a round, or brings a waiting round forward. as is the ID of
   * the expected person's sign-in, or "" for any user.
   */
  async connect(as = ''): Promise<void> {
    this.dismiss()
    this.#as = as
    try {
      await (as === '' ? backend.connectToXero() : backend.signInAgain(as))
    } catch (failure) {
      this.#refused = failure as Failure
    }
  }

  /** again starts a round for an expected person, by the ID of the sign-in, and ends earlier messages. */
  again(id: string): Promise<void> {
    this.#messages.dismiss()
    return this.connect(id)
  }

  openAgain(): Promise<void> {
    return this.#press(backend.openAgain, words.openedAgain)
  }

  copyLink(): Promise<void> {
    return this.#press(backend.copyLink, words.copiedLink)
  }

  moreTime(): Promise<void> {
    return this.#press(backend.moreTime, words.extended)
  }

  paste(): Promise<void> {
    return this.#press(backend.pasteAddress, words.pasted)
  }

  copyRedirectAddresses(): Promise<void> {
    return this.#press(backend.copyRedirectAddresses, spoken(addresses.copied))
  }

  /** changeUser opens Xero's sign-out page outside the dialog, so that another user can sign in. */
  async changeUser(): Promise<void> {
    try {
      await backend.openPage('xero-logout')
      this.#messages.say(words.signedOut)
    } catch (failure) {
      this.#messages.fail(failure as Failure)
    }
  }

  signOutAtXero(): Promise<void> {
    return this.#press(() => backend.openPage('xero-logout'), words.openedLogout)
  }

  writeToSupport(code: string): Promise<void> {
    return this.#press(() => backend.mailSupport(code), '')
  }

  cancel(): Promise<void> {
    return this.#press(backend.cancel, '')
  }

  async sessionOnly(): Promise<void> {
    const { failure } = this
    try {
      await backend.useThisSessionOnly()
    } catch (failure) {
      this.#refused = failure as Failure
      return
    }
    if (this.failure !== failure) return // the user closed the dialog meanwhile
    await this.connect(this.#as)
  }

  /** take takes the action of a failure, except a change of the screen. */
  async take(action: Action): Promise<void> {
    switch (action) {
      case 'connect':
        return this.connect(this.#as)
      case 'session-only':
        return this.sessionOnly()
      case 'copy-link':
        return this.copyLink()
      case 'paste':
        return this.paste()
      default:
        this.dismiss()
    }
  }

  /** dismiss puts the failure away. */
  dismiss(): void {
    this.#refused = null
    this.#dismissed = this.progress.number
  }

  async #press(call: () => Promise<void>, done: string): Promise<void> {
    this.problem = null
    this.message = ''
    const { number, phase } = this.progress
    const goneOn = () => number !== this.progress.number || phase !== this.progress.phase
    try {
      await call()
      if (!goneOn()) this.message = done
    } catch (failure) {
      if (!goneOn()) this.problem = failure as Failure
    }
  }
}
