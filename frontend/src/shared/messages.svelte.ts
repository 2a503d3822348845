import type { Failure } from './failures'
import { spoken, type Told } from './words'

/** Notice is shown until the user or a later event dismisses the notice. */
export type Notice =
  | { kind: 'told'; told: Told }
  // retry is the effect of Try again; without retry, Try again starts a sign-in.
  | { kind: 'failure'; failure: Failure; retry?: (() => Promise<void>) | undefined }

/** The milliseconds that a sentence is shown: time for reading the sentence twice. */
const longEnough = 8000

/** Messages holds the notice and the sentence of the status region, which screen readers speak. */
export class Messages {
  /** The text of the status region. */
  said = $state('')
  /** Whether the text is also visible, because no other part of the window shows the same. */
  shown = $state(false)
  notice = $state.raw<Notice | null>(null)

  #hide: ReturnType<typeof setTimeout> | undefined

  /** say speaks a sentence and shows the sentence for a while. */
  say(sentence: string): void {
    this.speak(sentence)
    this.shown = true
    this.#hide = setTimeout(() => (this.shown = false), longEnough)
  }

  /** speak only speaks a sentence, also if the sentence is the same as the last. */
  speak(sentence: string): void {
    clearTimeout(this.#hide)
    this.shown = false
    // Screen readers ignore a region whose text stays the same.
    this.said = this.said === sentence ? `${sentence}\u00a0` : sentence
  }

  /** unsay takes a sentence back once the sentence is no longer true. */
  unsay(sentence: string): void {
    if (this.said.trimEnd() === sentence) this.speak('')
  }

  /** tell shows and speaks a result. */
  tell(told: Told): void {
    this.notice = { kind: 'told', told }
    this.speak(spoken(told))
  }

  /** tellBeside only says the result while the notice asks for an expected person who did not come. */
  tellBeside(told: Told): void {
    if (this.notice?.kind === 'told' && this.notice.told.missed) this.say(spoken(told))
    else this.tell(told)
  }

  /** fail shows a failure. Screen readers speak the notice, an alert, by themselves. */
  fail(failure: Failure, retry?: () => Promise<void>): void {
    this.notice = { kind: 'failure', failure, retry }
  }

  dismiss(): void {
    this.notice = null
  }

  /** endTold ends a result, but not a failure. */
  endTold(): void {
    if (this.notice?.kind === 'told') this.dismiss()
  }

  /** endGood ends a good result, but neither a warning nor a failure. */
  endGood(): void {
    if (this.notice?.kind === 'told' && this.notice.told.tone !== 'warn') this.dismiss()
  }

  /** clear ends every notice but a warning, because the user tries again. */
  clear(): void {
    if (this.notice?.kind === 'failure') this.dismiss()
    this.endGood()
  }

  /** endWaiting ends a warning about work that waited for Xero, once Xero has answered. */
  endWaiting(): void {
    if (this.notice?.kind === 'told' && !this.notice.told.missed) this.dismiss()
  }

  /** forget ends everything said and shown about other data. */
  forget(): void {
    this.speak('')
    this.notice = null
  }
}
