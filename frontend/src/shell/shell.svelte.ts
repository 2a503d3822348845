import { tick } from 'svelte'
import * as backend from '../backend'
import { Check } from '../checking/check.svelte'
import { uncheckedIn } from '../checking/unchecked.svelte'
import { Disconnecting } from '../disconnecting/disconnecting.svelte'
import { Organisations } from '../organisations/organisations.svelte'
import { Removal } from '../removal/removal.svelte'
import { Setup } from '../setup/setup'
import { Calls } from '../shared/calls'
import { minutes } from '../shared/clock'
import type { Action, Failure } from '../shared/failures'
import { Messages, type Notice } from '../shared/messages.svelte'
import { passwordStoreAsks, spoken } from '../shared/words'
import { SignIn } from '../signin/signin.svelte'
import { connected, reading, signIn as signInWords } from '../signin/words'
import { SignIns } from '../signins/signins.svelte'
import * as signInsWords from '../signins/words'
import { Latest } from './latest'
import { Program } from './program'
import * as words from './words'

/** The screens behind the buttons of the rail. Without an organisation the first screen is the welcome. */
export type Screen = 'organisations' | 'sign-ins' | 'settings'

/** Feature is one part of the window, as the shell sees the part. */
interface Feature {
  /** Takes a new overview. A returned promise settles once the feature shows the same state. */
  follow(now: backend.Overview): void | Promise<void>
  /** Starts again with other data: the demo's or the real data. */
  forget(): void
}

/**
 * Shell is the window as a whole: the overview from Go, the current screen, the
 * notice, and the features that follow the overview. Go sends one event without
 * data; the shell then asks for the overview.
 */
export class Shell {
  overview = $state.raw<backend.Overview | null>(null)
  /** The reason for a missing or outdated overview. */
  failure = $state.raw<Failure | null>(null)
  screen = $state<Screen>('organisations')

  readonly messages = new Messages()
  readonly #latest = new Latest(() => this.#ask())
  readonly #calls = new Calls(this.messages, () => this.#latest.ask())

  readonly program = new Program(this.#calls)
  readonly setup = new Setup(this.#calls)
  readonly organisations = new Organisations(this.#calls)
  readonly check = new Check(this.#calls)
  readonly signIn = new SignIn(
    this.messages,
    (brought, expected) => void this.#connected(brought, expected),
    (brought) => this.messages.tellBeside(connected(brought)), // the user does something else now
  )
  readonly signIns = new SignIns(this.#calls, this.signIn)
  readonly disconnecting = new Disconnecting(this.#calls, this.signIn, this.organisations.selection)
  readonly removal = new Removal(this.#calls)

  /** These features read rows, one after the other, before the window shows the overview: counts and rows change together. */
  readonly #lists: Feature[] = [this.organisations, this.check.unchecked, this.signIns]
  /** These features need only the overview, and follow in the same moment. */
  readonly #parts: Feature[] = [this.signIn, this.disconnecting, this.check]

  /** The notice above the content: a message, a failure to read, or the recovery of the list. */
  readonly notice: Notice | null = $derived.by(() => {
    if (this.messages.notice) return this.messages.notice
    const failure = this.#listFailure ?? this.failure
    if (failure) return { kind: 'failure', failure }
    const recovery = this.overview?.recovery
    return recovery ? { kind: 'told', told: words.recovered(recovery, minutes.now) } : null
  })

  get #listFailure(): Failure | null {
    return this.screen === 'sign-ins' ? this.signIns.failure : this.organisations.list.failure
  }

  /** start follows Go until the returned function is called. */
  start(): () => void {
    const stop = backend.onChanged(() => void this.#latest.ask())
    void this.#latest.ask()
    const forward = () => {
      // Go checks again what was last checked an hour ago. The user did not ask
      // for the check, so a failure to start needs no message.
      if (document.visibilityState === 'visible') backend.cameForward().catch(() => {})
    }
    document.addEventListener('visibilitychange', forward)
    window.addEventListener('focus', forward)
    return () => {
      stop()
      document.removeEventListener('visibilitychange', forward)
      window.removeEventListener('focus', forward)
    }
  }

  /** ask reads the overview and reports whether the window shows working data. */
  async #ask(): Promise<boolean> {
    try {
      await this.#follow(await backend.overview())
      this.failure = null
    } catch (failure) {
      this.failure = failure as Failure
    }
    return this.failure === null && !this.overview?.broken
  }

  async #follow(now: backend.Overview): Promise<void> {
    const before = this.overview
    const { troubled } = this.signIns
    this.removal.follow(now)
    if (now.removal.phase === 'done' || now.broken) {
      this.overview = now // no list can be read
      return
    }
    if (before && before.demo !== now.demo) this.#forget()
    for (const list of this.#lists) await list.follow(now)
    this.overview = now
    // A message gives way to the banner about new attention, and praise to new trouble.
    if (before && now.attention > before.attention) this.messages.endTold()
    const unchecked = before !== null && uncheckedIn(now) > uncheckedIn(before)
    if (unchecked || this.signIns.troubled > troubled) this.messages.endGood()
    for (const part of this.#parts) void part.follow(now)
    this.#announce(now, before)
  }

  #forget(): void {
    const { openInBrowser } = this.signIn
    this.messages.forget()
    for (const feature of [...this.#lists, ...this.#parts]) feature.forget()
    if (openInBrowser) this.messages.say(signInWords.closedByDemo)
  }

  #announce(now: backend.Overview, before: backend.Overview | null): void {
    if (now.recovery && !before?.recovery) {
      this.messages.speak(spoken(words.recovered(now.recovery, minutes.now)))
    }
    // An open sign-in dialog shows the same sentence as an alert.
    if (now.keychainWaiting && !before?.keychainWaiting && !this.signIn.open) {
      this.messages.speak(passwordStoreAsks)
    }
    if (!now.keychainWaiting) this.messages.unsay(passwordStoreAsks)
    const { slow } = now.check
    const wasSlow = before?.check.slow ?? []
    if (slow.length > wasSlow.length) this.messages.speak(words.banners.slow(slow))
    else if (slow.length === 0 && wasSlow.length > 0)
      this.messages.unsay(words.banners.slow(wasSlow))
    if (now.signIn.pending > (before?.signIn.pending ?? 0) && !this.signIn.open) {
      this.messages.speak(reading(now.signIn))
    }
    if (now.closing === 'saving' && before?.closing === '') {
      this.messages.say(words.closing.saving(now.unsavedOf))
    }
  }

  /** connected shows the result of a sign-in: on the repair plan as a finished step, elsewhere as a notice. */
  async #connected(brought: backend.Connected, expected: string): Promise<void> {
    const told = connected(brought)
    const asked = expected !== ''
    const onPlan = this.screen === 'organisations' && (this.overview?.repairs.length ?? 0) > 0
    if (asked && onPlan && !told.missed) {
      this.messages.dismiss() // a notice would take the place of the plan
      this.messages.speak(spoken(told))
      await this.organisations.repair(brought.reconnected.map(({ id }) => id))
      return
    }
    this.go('organisations')
    this.messages.tell(told)
    const arrived = [...brought.added, ...brought.reconnected]
    const shown = arrived.length > 0 ? arrived : brought.alreadyConnected
    // The closing dialog first returns the focus to its button.
    await tick()
    if (shown.length > 0) await this.organisations.list.show(shown.map(({ id }) => id))
  }

  /** go shows another screen. Messages about the screen before end. */
  go(screen: Screen): void {
    if (screen !== this.screen) {
      this.messages.endTold()
      this.disconnecting.forgo()
    }
    this.screen = screen
    if (screen === 'sign-ins') void this.signIns.show()
    else this.signIns.hide()
  }

  /** showList shows all organisations, or only those that need attention. */
  showList(attentionOnly: boolean): void {
    this.go('organisations')
    void this.organisations.list.ask({ attentionOnly })
  }

  /** showSignIn shows the organisations behind a sign-in. */
  async showSignIn(of: Pick<backend.SignInRow, 'id' | 'name'>): Promise<void> {
    this.go('organisations')
    await this.organisations.list.showSignIn(of)
    this.messages.say(signInsWords.signIns.listed)
  }

  /**
   * act takes the action of a failure. The notice of a failure below an open
   * sign-in dialog stays.
   */
  async act(action: Action): Promise<void> {
    if (!this.signIn.failure) {
      const { notice } = this.messages
      const overviewFailed = this.failure !== null
      this.dismiss()
      if (action === 'connect' && notice?.kind === 'failure' && notice.retry) return notice.retry()
      if (action === 'connect' && !notice) return this.#readAgain(overviewFailed)
    }
    if (action === 'quit') return this.program.quit()
    if (action === 'settings') this.go('settings')
    await this.signIn.take(action)
  }

  /** readAgain reads list and overview. If the overview fails once more, Go opens the data again. */
  async #readAgain(overviewFailed: boolean): Promise<void> {
    const rows = this.screen === 'sign-ins' ? this.signIns.read() : this.organisations.list.reload()
    await Promise.all([rows, this.#latest.ask()])
    if (overviewFailed && this.failure) await this.program.leaveDemo()
  }

  /** dismiss puts the notice away. */
  dismiss(): void {
    const aboutRecovery =
      this.overview?.recovery && this.notice?.kind === 'told' && !this.messages.notice
    this.messages.dismiss()
    this.organisations.list.failure = null
    if (this.overview) this.failure = null
    this.signIns.failure = null
    if (aboutRecovery) void this.program.dismissRecovery()
  }

  /** reopen lets Go open the data again, because the obstacle may be gone. */
  async reopen(): Promise<void> {
    if (this.overview?.broken) await this.program.leaveDemo()
    else await this.#latest.ask()
  }
}
