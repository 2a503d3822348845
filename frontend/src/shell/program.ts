import * as backend from '../backend'
import type { Calls } from '../shared/calls'

/** Program holds the buttons about the program as a whole. */
export class Program {
  readonly #calls: Calls

  constructor(calls: Calls) {
    this.#calls = calls
  }

  /** leaveDemo opens the real data; without a demo Go opens the data again. */
  leaveDemo(): Promise<void> {
    return this.#calls.change(backend.leaveDemo)
  }

  dismissRecovery(): Promise<void> {
    return this.#calls.change(backend.dismissRecovery)
  }

  mailSupport(code: string): Promise<void> {
    return this.#calls.change(() => backend.mailSupport(code))
  }

  /** keepOpen and closeAnyway answer whether to close with an unsaved sign-in. */
  keepOpen(): Promise<void> {
    return this.#calls.change(backend.keepOpen)
  }

  closeAnyway(): Promise<void> {
    return this.#calls.change(backend.closeAnyway)
  }

  quit(): Promise<void> {
    return this.#calls.change(backend.quit)
  }
}
