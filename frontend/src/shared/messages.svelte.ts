import type { Failure } from './failures'
import { spoken, type Told } from '../signin/words'

/** What the window shows until it is dismissed. */
export type Notice =
  | { kind: 'told'; told: Told }
  // retry is what trying again means, where that is not to begin a sign-in.
  | { kind: 'failure'; failure: Failure; retry?: (() => Promise<void>) | undefined }

/** How long a sentence is shown, in milliseconds: time to read it twice. */
const longEnough = 8000

/** Messages is what the window has to say: aloud, and in a notice. */
export class Messages {
  /** What the status region holds. */
  said = $state('')
  /** Whether that is also shown for a while: nothing else in the window says it. */
  shown = $state(false)
  notice = $state.raw<Notice | null>(null)

  #hide: ReturnType<typeof setTimeout> | undefined

  /** say says a sentence aloud, and shows it for a while. */
  say(sentence: string): void {
    this.speak(sentence)
    this.shown = true
    this.#hide = setTimeout(() => (this.shown = false), longEnough)
  }

  /** speak says it aloud only, also when it is the last one again: the window shows the same. */
  speak(sentence: string): void {
    clearTimeout(this.#hide)
    this.shown = false
    // Readers are silent about a region whose text stays as it is.
    this.said = this.said === sentence ? `${sentence}\u00a0` : sentence
  }

  /** tell shows what was done. */
  tell(told: Told): void {
    this.notice = { kind: 'told', told }
    this.speak(spoken(told))
  }

  /** tellBeside only says it while a sign-in that missed its person asks for them. */
  tellBeside(told: Told): void {
    if (this.notice?.kind === 'told' && this.notice.told.missed) this.say(spoken(told))
    else this.tell(told)
  }

  /** fail shows a failure; its notice is an alert and speaks for itself. */
  fail(failure: Failure, retry?: () => Promise<void>): void {
    this.notice = { kind: 'failure', failure, retry }
  }

  dismiss(): void {
    this.notice = null
  }

  /** endTold ends a notice of what was done, and no failure. */
  endTold(): void {
    if (this.notice?.kind === 'told') this.dismiss()
  }

  /** endGood ends a notice of what went well, and no warning. */
  endGood(): void {
    if (this.notice?.kind === 'told' && this.notice.told.tone !== 'warn') this.dismiss()
  }

  /** clear ends all but a warning: a failure is about what is now done again. */
  clear(): void {
    if (this.notice?.kind === 'failure') this.dismiss()
    this.endGood()
  }

  /** endWaiting ends a warning of what waited for Xero: it has answered now. */
  endWaiting(): void {
    if (this.notice?.kind === 'told' && !this.notice.told.missed) this.dismiss()
  }

  /** forget takes back what was said and shown: it was about other data. */
  forget(): void {
    this.speak('')
    this.notice = null
  }
}
