import * as backend from '../backend'
import type { Action, Failure } from '../shared/failures'
import { spoken } from './words'
import * as setup from '../setup/words'
import * as text from '../words/text'

/** How a sign-in ended, for whoever follows it. */
export interface Ends {
  connected(outcome: backend.Connected): void
  cancelled(): void
}

const nothing: backend.Progress = {
  number: 0,
  phase: 'idle',
  deadline: '',
  browserFailed: false,
  asked: '',
}

/**
 * SignIn is the sign-in as it happens. Go decides its phase, whether it was
 * begun here or on the browser's page; this class follows, and passes on what
 * the person presses.
 */
export class SignIn {
  progress = $state.raw<backend.Progress>(nothing)
  /** What the last button in the dialog did, or why it did not work. */
  message = $state('')
  problem = $state.raw<Failure | null>(null)
  /** A failure of a sign-in that could not even begin. */
  #refused = $state.raw<Failure | null>(null)
  #dismissed = $state(0)
  /** The sign-in that was asked for last, or "": trying again asks for it again. */
  #as = ''
  #told: number | undefined

  readonly waiting = $derived(['opening', 'waiting', 'reading'].includes(this.progress.phase))
  readonly failure: Failure | null = $derived.by(() => {
    if (this.waiting) return null
    if (this.#refused) return this.#refused
    const { phase, failed, number } = this.progress
    if (phase !== 'failed' || !failed || number <= this.#dismissed) return null
    return failed.code === 'cancelled' ? null : (failed as Failure)
  })
  readonly open = $derived(this.waiting || this.failure !== null)

  constructor(private readonly ends: Ends) {}

  /** follow takes what Go says now. Each end is told once, and none from before this window. */
  follow(progress: backend.Progress): void {
    if (progress.number < this.progress.number) this.forget() // the data were opened again
    const before = this.progress
    this.progress = progress
    if (progress.number !== before.number || progress.phase !== before.phase) {
      this.problem = null
      this.message = ''
    }
    if (this.waiting) {
      this.#refused = null
      if (progress.asked === '') this.#as = '' // begun on the browser's page
    }
    const ended = progress.phase === 'done' || progress.phase === 'failed'
    if (this.#told === undefined) {
      this.#told = ended ? progress.number : progress.number - 1
      if (ended) this.#dismissed = progress.number
      return
    }
    if (!ended || progress.number <= this.#told) return
    this.#told = progress.number
    if (progress.connected) this.ends.connected(progress.connected)
    if (progress.failed?.code === 'cancelled') this.ends.cancelled()
  }

  /** forget begins anew: with other data the attempts are counted from the start. */
  forget(): void {
    this.progress = nothing
    this.problem = this.#refused = null
    this.message = ''
    this.#dismissed = 0
    this.#told = undefined
  }

  /**
   * connect begins a sign-in, or brings the waiting one forward. If it is to be
   * a certain person's, as is the id of their sign-in.
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

  openAgain(): Promise<void> {
    return this.#press(backend.openAgain, text.signIn.openedAgain)
  }

  copyLink(): Promise<void> {
    return this.#press(backend.copyLink, text.signIn.copiedLink)
  }

  moreTime(): Promise<void> {
    return this.#press(backend.moreTime, text.signIn.extended)
  }

  paste(): Promise<void> {
    return this.#press(backend.pasteAddress, text.signIn.pasted)
  }

  copyRedirectAddresses(): Promise<void> {
    return this.#press(backend.copyRedirectAddresses, spoken(setup.addresses.copied))
  }

  signOutAtXero(): Promise<void> {
    return this.#press(() => backend.openPage('xero-logout'), text.signIn.openedLogout)
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
    if (this.failure !== failure) return // put away meanwhile
    await this.connect(this.#as)
  }

  /** take does what the button of a failure says, but for leaving this screen. */
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
