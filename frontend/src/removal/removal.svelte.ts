import * as backend from '../backend'
import type { Failure } from '../shared/failures'

/** What the window does with a removal that ended before anything was removed. */
export interface RemovalEnds {
  cancelled(): void
  failed(failure: Failure): void
}

const none: backend.Removal = {
  phase: '',
  done: 0,
  total: 0,
  untold: [],
  stuck: [],
  receipt: null,
}

/** Removal is removing everything from this computer, from the plan to the receipt. */
export class Removal {
  /** The person looks at the plan. */
  opened = $state(false)
  /** Null until it is known. */
  plan = $state.raw<backend.RemovalPlan | null>(null)
  /** Whether Xero is to be told first. */
  tell = $state(true)
  progress = $state.raw(none)
  /** Nothing else can be seen while it is. */
  readonly shown = $derived(this.opened || this.progress.phase !== '')

  #anyway = false
  /** Counts the plans asked for: only the last one is taken, by who still looks at it. */
  #turn = 0

  constructor(private readonly ends: RemovalEnds) {}

  /** follow takes what Go says now. */
  follow(progress: backend.Removal): void {
    const before = this.progress.phase
    this.progress = progress
    if ((before === 'telling' || before === 'untold') && progress.phase === '') {
      this.ends.cancelled()
      void this.#ask()
    }
  }

  /** open shows the plan. */
  async open(): Promise<void> {
    this.opened = true
    this.tell = true
    this.plan = null
    await this.#ask()
  }

  close(): void {
    this.#turn++
    this.opened = false
  }

  /** begin begins it, or goes on with one that was stopped. */
  begin(anyway = false): Promise<void> {
    this.#anyway = anyway
    return this.#call(() => backend.remove(this.tell, this.#anyway))
  }

  /** leaveXero goes on although Xero could not be told. */
  leaveXero(): Promise<void> {
    return this.#call(() => backend.remove(false, this.#anyway))
  }

  /** keep decides against it, and goes back. */
  async keep(): Promise<void> {
    await this.cancel()
    this.opened = false
  }

  cancel(): Promise<void> {
    return this.#call(backend.cancelRemoval)
  }

  /** keepRest goes back to the list, with what is left of it. */
  async keepRest(): Promise<void> {
    await this.#call(backend.keepRest)
    this.progress = none
    this.opened = false
  }

  async #ask(): Promise<void> {
    const turn = ++this.#turn
    try {
      const plan = await backend.planRemoval()
      if (turn === this.#turn) this.plan = plan
    } catch (failure) {
      if (turn !== this.#turn) return
      this.ends.failed(failure as Failure)
      if (this.plan === null) this.opened = false
    }
  }

  async #call(call: () => Promise<void>): Promise<void> {
    try {
      await call()
    } catch (failure) {
      this.ends.failed(failure as Failure)
    }
  }
}
