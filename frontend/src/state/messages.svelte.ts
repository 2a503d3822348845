import type { Failure } from '../words/failures'
import { spoken, type Told } from '../words/outcome'

/** What the window shows until it is dismissed. */
export type Notice =
  | { kind: 'told'; told: Told }
  // retry is what trying again means, where that is not to begin a sign-in.
  | { kind: 'failure'; failure: Failure; retry?: (() => Promise<void>) | undefined }

/** Messages is what the window has to say: aloud, and in a notice. */
export class Messages {
  /** What the status region holds. */
  said = $state('')
  notice = $state.raw<Notice | null>(null)

  /** say puts a sentence into the status region, also when it is the last one again. */
  say(sentence: string): void {
    // Readers are silent about a region whose text stays as it is.
    this.said = this.said === sentence ? `${sentence}\u00a0` : sentence
  }

  tell(told: Told): void {
    this.notice = { kind: 'told', told }
    this.say(spoken(told))
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

  /** forget takes back what was said and shown: it was about other data. */
  forget(): void {
    this.said = ''
    this.notice = null
  }
}
