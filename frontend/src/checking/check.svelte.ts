import * as backend from '../backend'
import type { Calls } from '../shared/calls'
import type { Failure } from '../shared/failures'
import { Unchecked } from './unchecked.svelte'
import { checking as words, type Read } from './words'

const nothing: backend.Check = {
  running: false,
  done: 0,
  total: 0,
  details: { running: false, done: 0, total: 0 },
  triedAt: '',
  limitUntil: '',
  parts: [],
  slow: [],
  unread: 0,
}
/** A second press of the button within this time, in milliseconds, is a double-click and not Stop. */
const doubleClick = 500

/**
 * Check is the progress of a check. Go starts most checks by itself; only the
 * end of a check that the user asked for is announced.
 */
export class Check {
  progress = $state.raw(nothing)
  /** A check with nothing due has no sign-ins and stays invisible. */
  readonly running = $derived(this.progress.running && this.progress.total > 0)
  /** After the connection lists Go reads the details of organisations, if any are due. */
  readonly reading = $derived(this.progress.details.running && this.progress.details.total > 0)

  readonly unchecked = new Unchecked()
  readonly #calls: Calls
  #result: Pick<backend.Overview, 'attention' | 'counts'> = { attention: 0, counts: [] }
  #asked = false
  #stopped = false
  #since = 0

  constructor(calls: Calls) {
    this.#calls = calls
  }

  follow({
    check,
    attention,
    counts,
  }: Pick<backend.Overview, 'check' | 'attention' | 'counts'>): void {
    const before = this.progress
    const ran = this.running || this.reading
    this.progress = check
    this.#result = { attention, counts }
    if ((this.running || this.reading) && !ran) this.#since = Date.now()
    const ended = before.running && !check.running
    if (ended || (before.details.running && !check.details.running)) this.#settle()
  }

  forget(): void {
    this.progress = nothing
    this.#since = 0
    this.#asked = this.#stopped = false
  }

  /** start begins a check. Praise from before ends, because the check may find otherwise. */
  async start(): Promise<void> {
    this.#calls.messages.clear()
    this.#asked = true
    this.#stopped = false
    try {
      await backend.checkNow()
    } catch (failure) {
      this.#asked = false
      this.#calls.messages.fail(failure as Failure)
    }
    // The button, now Stop, must not wait for the overview. A short check may be
    // over before the first overview shows the check.
    void this.#calls.refresh().then((shown) => {
      if (shown) this.#settle()
    })
  }

  /** stop ends a running check and the reading of details. Results found so far stay. */
  async stop(): Promise<void> {
    if (Date.now() - this.#since < doubleClick) return
    this.#asked = this.#stopped = true
    try {
      await backend.stopCheck()
    } catch (failure) {
      this.#asked = this.#stopped = false
      this.#calls.messages.fail(failure as Failure)
    }
  }

  /**
   * settle announces the end of a check that the user asked for, once no check
   * runs and the details are read, too.
   */
  #settle(): void {
    if (!this.#asked || this.progress.running || this.progress.details.running) return
    const stopped = this.#stopped
    this.#asked = this.#stopped = false
    const { messages } = this.#calls
    messages.say(stopped ? words.stopped(this.#read()) : this.#found())
    const answered = this.progress.limitUntil === '' && !this.unchecked.row
    if (answered && !stopped) messages.endWaiting()
  }

  #found(): string {
    const { limitUntil, parts } = this.progress
    const [part] = parts
    if (part && limitUntil === '') return words.part(part)
    const read = this.#read()
    return limitUntil === ''
      ? words.ended(this.#result, this.unchecked.row, read)
      : words.limited(limitUntil, read, Date.now())
  }

  /** The organisations that Xero lists: those asked for their details, and all. */
  #read(): Read {
    const all = this.#result.counts
      .filter(({ status }) => status === 'connected' || status === 'no-access')
      .reduce((sum, { organisations }) => sum + organisations, 0)
    return { asked: Math.max(all - this.progress.unread, 0), all }
  }
}
