import * as backend from '../backend'
import type { Calls } from '../shared/calls'
import type { Failure } from '../shared/failures'
import { removal as words } from './words'

const none: backend.Removal = {
  phase: '',
  done: 0,
  total: 0,
  stillConnected: [],
  undeleted: [],
  receipt: null,
}

/** Removal removes everything from this computer, from the plan to the receipt. */
export class Removal {
  /** Whether the user looks at the plan. */
  opened = $state(false)
  /** Null before the first answer. */
  plan = $state.raw<backend.RemovalPlan | null>(null)
  /** Whether to disconnect at Xero first. */
  disconnect = $state(true)
  progress = $state.raw(none)
  /** The screen of a removal hides every other screen. */
  readonly shown = $derived(this.opened || this.progress.phase !== '')

  readonly #calls: Calls
  #anyway = false
  /** Counts the plans: only the last plan is taken, and only while the screen is open. */
  #turn = 0

  constructor(calls: Calls) {
    this.#calls = calls
  }

  /** follow also works with broken data: a removal deletes the data. */
  follow({ removal }: Pick<backend.Overview, 'removal'>): void {
    const before = this.progress.phase
    this.progress = removal
    if ((before === 'disconnecting' || before === 'undecided') && removal.phase === '') {
      this.#calls.messages.say(words.cancelled)
      void this.#ask()
    }
  }

  /** open shows the plan. */
  async open(): Promise<void> {
    this.opened = true
    this.disconnect = true
    this.plan = null
    await this.#ask()
  }

  close(): void {
    this.#turn++
    this.opened = false
  }

  /** begin starts the removal, or goes on with a stopped removal. */
  async begin(anyway = false): Promise<void> {
    this.#anyway = anyway
    await this.#remove(this.disconnect)
  }

  /** leaveXero goes on without a disconnect at Xero. */
  async leaveXero(): Promise<void> {
    await this.#remove(false)
  }

  /** keep ends the removal and goes back to the settings. */
  async keep(): Promise<void> {
    if (await this.#call(backend.cancelRemoval)) this.opened = false
  }

  async cancel(): Promise<void> {
    await this.#call(backend.cancelRemoval)
  }

  /**
   * keepRest ends a stopped removal and goes back to the list with the items not removed. A
   * removal under way keeps its screen.
   */
  async keepRest(): Promise<void> {
    if (await this.#call(backend.keepRest)) this.opened = false
  }

  copyReceipt(receipt: string): Promise<void> {
    return this.#calls.tell(() => backend.copy(receipt), words.copied)
  }

  /** quit closes the program after the removal. */
  quit(): Promise<void> {
    return this.#calls.change(backend.quit)
  }

  async #ask(): Promise<void> {
    const turn = ++this.#turn
    try {
      const plan = await backend.planRemoval()
      if (turn === this.#turn) this.plan = plan
    } catch (failure) {
      if (turn !== this.#turn) return
      this.#calls.messages.fail(failure as Failure)
      if (this.plan === null) this.opened = false
    }
  }

  #remove(disconnect: boolean): Promise<boolean> {
    const from = this.progress.phase
    return this.#call(() => backend.remove(from, disconnect, this.#anyway))
  }

  /** #call reports whether the call succeeded. */
  async #call(call: () => Promise<void>): Promise<boolean> {
    try {
      await call()
      return true
    } catch (failure) {
      this.#calls.messages.fail(failure as Failure)
      return false
    }
  }
}
