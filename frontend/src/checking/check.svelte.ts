import * as backend from '../backend'
import type { Failure } from '../shared/failures'

/** What becomes of a check that the person asked for. */
export interface CheckEnds {
  ended(stopped: boolean): void
  failed(failure: Failure): void
}

const nothing: backend.Check = {
  running: false,
  done: 0,
  total: 0,
  details: { running: false, done: 0, total: 0 },
  triedAt: '',
  limitUntil: '',
}
/** Somebody who presses Check now twice at once does not mean Stop. */
const doubleClick = 500

/**
 * Check is the check as it goes on. Go begins most of them by itself; only one
 * that the person asked for has its end told.
 */
export class Check {
  progress = $state.raw(nothing)
  /** A check that finds nothing due has no sign-ins and is not worth showing. */
  readonly running = $derived(this.progress.running && this.progress.total > 0)

  /** After the lists come the details of organisations, if any are due. */
  readonly reading = $derived(this.progress.details.running && this.progress.details.total > 0)

  #asked = false
  #stopped = false
  #since = 0

  constructor(private readonly ends: CheckEnds) {}

  /** follow takes what Go says now. */
  follow(progress: backend.Check): void {
    const before = this.progress
    const ran = this.running || this.reading
    this.progress = progress
    if ((this.running || this.reading) && !ran) this.#since = Date.now()
    const ended = before.running && !progress.running
    if (ended || (before.details.running && !progress.details.running)) this.settle()
  }

  /**
   * settle tells the end of a check, if one was asked for and none runs. The
   * details that come after it are not waited for, unless they were stopped.
   */
  settle(): void {
    if (!this.#asked || this.progress.running) return
    if (this.#stopped && this.progress.details.running) return
    const stopped = this.#stopped
    this.#asked = this.#stopped = false
    this.ends.ended(stopped)
  }

  /** forget begins anew, with other data. */
  forget(): void {
    this.progress = nothing
    this.#since = 0
    this.#asked = this.#stopped = false
  }

  /** start asks Xero how everything stands. */
  async start(): Promise<void> {
    this.#asked = true
    this.#stopped = false
    try {
      await backend.checkNow()
    } catch (failure) {
      this.#asked = false
      this.ends.failed(failure as Failure)
    }
  }

  /** stop ends a check that runs, and the reading of details. What it has found stays. */
  async stop(): Promise<void> {
    if (Date.now() - this.#since < doubleClick) return
    this.#asked = this.#stopped = true
    try {
      await backend.stopCheck()
    } catch (failure) {
      this.#asked = this.#stopped = false
      this.ends.failed(failure as Failure)
    }
  }
}
