import { tick } from 'svelte'
import * as backend from '../backend'
import { checking } from '../checking/words'
import type { Action, Failure } from '../shared/failures'
import * as outcome from '../signin/words'
import { recovered } from './words'
import { removal as removalWords } from '../removal/words'
import { renewed, signIns } from '../signins/words'
import type { Step } from '../organisations/words'
import * as text from '../words/text'
import { Check } from '../checking/check.svelte'
import { minutes } from '../shared/clock'
import { Errands } from '../shared/calls'
import { Leaving } from '../disconnecting/disconnecting.svelte'
import { Messages, type Notice } from '../shared/messages.svelte'
import { Organisations } from '../organisations/organisations.svelte'
import { Removal } from '../removal/removal.svelte'
import { Selection } from '../organisations/selection.svelte'
import { SignIn } from '../signin/signin.svelte'
import { SignIns } from '../signins/signins.svelte'
import { Standing, uncheckedIn } from '../checking/unchecked.svelte'

/** The screens that the rail leads to; which one the first of them is, the list's length decides. */
export type Screen = 'organisations' | 'sign-ins' | 'settings'

/**
 * Bookring is the state of the window as a whole: what Go says of the program,
 * and the parts that follow it. Go sends one event without data; the window
 * then asks again.
 */
export class Bookring {
  overview = $state.raw<backend.Overview | null>(null)
  /** Why the overview could not be had at all. */
  failure = $state.raw<Failure | null>(null)
  screen = $state<Screen>('organisations')

  /** How many steps of the repair plan were done while it was shown. */
  repaired = $state(0)

  readonly messages = new Messages()
  readonly errands = new Errands(this.messages, () => this.refresh())
  readonly organisations = new Organisations()
  readonly selection = new Selection(this.organisations, (failure) => this.messages.fail(failure))
  readonly leaving = new Leaving({
    begun: (sentence, ids) => {
      this.selection.remove(ids)
      this.messages.say(sentence)
    },
    done: (told, forgotten) => {
      this.selection.remove(forgotten)
      this.messages.tellBeside(told)
      void this.refresh()
    },
    failed: (failure, ids) => {
      this.selection.add(ids)
      this.messages.fail(failure)
    },
  })
  readonly standing = new Standing()
  readonly signIns = new SignIns()
  readonly check = new Check({
    ended: (stopped) => {
      this.messages.say(stopped ? checking.stopped : this.#found())
      const asked = this.overview?.check.limitUntil === '' && !this.standing.unchecked
      if (asked && !stopped) this.messages.endWaiting()
    },
    failed: (failure) => this.messages.fail(failure),
  })
  readonly signIn = new SignIn({
    connected: (brought) => void this.#connected(brought),
    cancelled: () => this.messages.say(text.signIn.cancelled),
  })

  readonly removal = new Removal({
    cancelled: () => this.messages.say(removalWords.cancelled),
    failed: (failure) => this.messages.fail(failure),
  })

  /** What the window shows above its content: a message, or why the list is not right. */
  readonly notice: Notice | null = $derived.by(() => {
    if (this.messages.notice) return this.messages.notice
    const failure = this.screen === 'sign-ins' ? this.signIns.failure : this.organisations.failure
    if (failure) return { kind: 'failure', failure }
    if (this.failure) return { kind: 'failure', failure: this.failure }
    const recovery = this.overview?.recovery
    return recovery ? { kind: 'told', told: recovered(recovery, minutes.now) } : null
  })

  #asking: Promise<void> | null = null
  #next: Promise<void> | null = null

  /** start follows Go from now on. It returns the way to stop. */
  start(): () => void {
    const stop = backend.onChanged(() => void this.refresh())
    void this.refresh()
    const forward = () => {
      // What was checked an hour ago is checked again, unasked: if that cannot
      // be begun, nobody waits for it.
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

  /**
   * refresh asks Go how things are. Calls while it asks are one more question,
   * and nobody waits for more than that, however often something changes.
   */
  refresh(): Promise<void> {
    if (!this.#asking) {
      this.#asking = this.#ask().finally(() => {
        this.#asking = null
      })
      return this.#asking
    }
    this.#next ??= this.#asking.then(() => {
      this.#next = null
      return this.refresh()
    })
    return this.#next
  }

  async #ask(): Promise<void> {
    try {
      const now = await backend.overview()
      await this.#follow(now)
      this.failure = null
    } catch (failure) {
      this.failure = failure as Failure
    }
  }

  async #follow(now: backend.Overview): Promise<void> {
    const before = this.overview
    const otherData = before !== null && before.demo !== now.demo
    const moved = now.revision !== this.organisations.revision
    const { inDoubt } = this.signIns
    this.removal.follow(now.removal)
    if (now.removal.phase === 'done') {
      this.overview = now // there is nothing left to ask for
      return
    }
    // The rows come first, so that the counts and the list change together.
    if (now.broken) {
      this.overview = now
      return
    }
    if (otherData) {
      this.signIn.forget()
      this.messages.forget()
      this.check.forget()
      this.signIns.forget()
      this.selection.clear()
      this.leaving.forget()
      await this.organisations.ask({ search: '', attentionOnly: false })
    } else if (moved) await this.organisations.reload()
    if (otherData || moved) await this.standing.read(now)
    if (this.screen === 'sign-ins' && (otherData || moved)) await this.signIns.read()
    this.overview = now
    // What was told stands where the window says what needs attention.
    if (before && now.attention > before.attention) this.messages.endTold()
    const unchecked = before !== null && uncheckedIn(now) > uncheckedIn(before)
    if (unchecked || this.signIns.inDoubt > inDoubt) this.messages.endGood()
    this.signIn.follow(now.signIn)
    if (this.signIn.open) this.leaving.forgo()
    this.check.follow(now.check)
    if (now.recovery && !before?.recovery) {
      this.messages.speak(outcome.spoken(recovered(now.recovery, minutes.now)))
    }
    // While a dialog is open it says so itself.
    if (now.keychainWaiting && !before?.keychainWaiting && !this.signIn.open) {
      this.messages.speak(checking.asking)
    }
    if (now.closing === 'saving' && before?.closing === '') {
      this.messages.say(text.closing.saving(now.unsavedOf))
    }
  }

  async #connected(brought: backend.Connected): Promise<void> {
    const told = outcome.connected(brought)
    const asked = this.signIn.progress.asked !== ''
    const onPlan = this.screen === 'organisations' && (this.overview?.repairs.length ?? 0) > 0
    if (asked && onPlan && !told.missed) {
      // The plan shows that a step is done; a notice would take its place.
      this.messages.dismiss()
      this.messages.speak(outcome.spoken(told))
      this.organisations.fresh = new Set(brought.back.map((o) => o.id))
      await tick()
      this.repaired++
      return
    }
    this.go('organisations')
    this.messages.tell(told)
    const arrived = [...brought.added, ...brought.back]
    const shown = arrived.length > 0 ? arrived : brought.known
    // The dialog closes first: closing gives the focus back to the button that opened it.
    await tick()
    if (shown.length > 0) await this.organisations.show(shown.map((o) => o.id))
  }

  /** What a check has found, or why nothing was asked. */
  #found(): string {
    if (!this.overview) return ''
    const until = this.overview.check.limitUntil
    return until === ''
      ? checking.ended(this.overview, this.standing.unchecked)
      : checking.limit(until, Date.now())
  }

  /** showOthers shows what needs something else than a sign-in. */
  async showOthers(): Promise<void> {
    const list = this.organisations
    const mine = { search: '', attentionOnly: true, sort: 'status', descending: false } as const
    if (!(await list.ask(mine))) return
    const waiting = this.overview?.counts.find(({ status }) => status === 'sign-in-again')
    list.target = { index: waiting?.organisations ?? 0 }
  }

  /** showCarried shows what a sign-in carries, where the list tells of it. */
  async showCarried(of: Pick<backend.SignInRow, 'id' | 'name'>): Promise<void> {
    this.go('organisations')
    await this.organisations.showCarried(of)
    this.messages.say(signIns.listed)
  }

  /** take does what the button of a row says. */
  take(step: Step): Promise<void> {
    if (step === 'check') return this.checkNow()
    if (step === 'sign-in') return this.signIn.connect()
    return 'signInAs' in step
      ? this.signInAgain(step.signInAs)
      : this.errands.connectAgain(step.connectAgain)
  }

  /** signInAgain asks for a person, by the id of their sign-in. */
  signInAgain(id: string): Promise<void> {
    this.messages.dismiss()
    return this.signIn.connect(id)
  }

  /** signOutAtXero opens the page that lets somebody else sign in. */
  async signOutAtXero(): Promise<void> {
    try {
      await backend.openPage('xero-logout')
      this.messages.say(text.signIn.signedOut)
    } catch (failure) {
      this.messages.fail(failure as Failure)
    }
  }

  async checkNow(): Promise<void> {
    // What went well before is not said of what this finds.
    this.messages.clear()
    await this.check.start()
    // The button stops the check from now on, so nobody waits here for the news.
    void this.refresh().then(() => {
      // A short check may be over before the window saw it.
      if (!this.failure && !this.overview?.broken) this.check.settle()
    })
  }

  /**
   * act does what the button of a failure says. One in the sign-in's dialog is
   * not about what stands below that.
   */
  async act(action: Action): Promise<void> {
    if (!this.signIn.failure) {
      const { notice } = this.messages
      const overviewFailed = this.failure !== null
      this.dismiss()
      if (action === 'connect' && notice?.kind === 'failure' && notice.retry) return notice.retry()
      if (action === 'connect' && !notice) return this.#readAgain(overviewFailed)
    }
    if (action === 'quit') return this.errands.quit()
    if (action === 'settings') this.go('settings')
    await this.signIn.take(action)
  }

  /** readAgain reads what could not be read; if the overview still cannot, the data are opened again. */
  async #readAgain(overviewFailed: boolean): Promise<void> {
    const rows = this.screen === 'sign-ins' ? this.signIns.read() : this.organisations.reload()
    await Promise.all([rows, this.refresh()])
    if (overviewFailed && this.failure) await this.errands.leaveDemo()
  }

  /** dismiss puts the notice away. */
  dismiss(): void {
    const aboutRecovery =
      this.overview?.recovery && this.notice?.kind === 'told' && !this.messages.notice
    this.messages.dismiss()
    this.organisations.failure = null
    if (this.overview) this.failure = null
    this.signIns.failure = null
    if (aboutRecovery) void this.errands.dismissRecovery()
  }

  /** reopen opens the data again: what kept it from being opened may be over. */
  reopen(): Promise<void> {
    return this.overview?.broken ? this.errands.leaveDemo() : this.refresh()
  }

  /** go shows another screen. What was told on the one before stays behind. */
  go(screen: Screen): void {
    if (screen !== this.screen) {
      this.messages.endTold()
      this.leaving.forgo()
    }
    this.screen = screen
    if (screen === 'sign-ins') void this.signIns.read()
  }

  /** renewNow renews a sign-in, whether that is needed or not. */
  async renewNow(of: Pick<backend.SignInRow, 'id' | 'name'>): Promise<void> {
    this.messages.dismiss()
    try {
      const until = await backend.renewNow(of.id)
      this.messages.tellBeside(renewed(of.name, until, Date.now()))
    } catch (reason) {
      const failure = reason as Failure
      const ended = failure.code === 'sign-in-ended'
      this.messages.fail(failure, () => (ended ? this.signInAgain(of.id) : this.renewNow(of)))
    }
    await this.refresh()
  }
}
