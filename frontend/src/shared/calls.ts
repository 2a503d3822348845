import type { Failure } from './failures'
import type { Messages } from './messages.svelte'
import type { Told } from './words'

/**
 * Calls makes the call behind a button and reports the result in the window.
 * Every method settles with its call and never fails.
 */
export class Calls {
  constructor(
    readonly messages: Messages,
    /** Reads the overview again and reports whether the window shows the new overview. */
    readonly refresh: () => Promise<boolean>,
  ) {}

  /** change makes a call that changes data in Go and reads the overview. Success is announced with done, unless "". */
  async change(call: () => Promise<void>, done = ''): Promise<void> {
    this.messages.dismiss()
    try {
      await call()
    } catch (failure) {
      this.messages.fail(failure as Failure)
      return
    }
    if (done !== '') this.messages.say(done)
    await this.refresh()
  }

  /** tell makes a call without effect on the overview. The call returns false if the user cancels it. */
  async tell(call: () => Promise<boolean | void>, done: Told): Promise<void> {
    try {
      if ((await call()) !== false) this.messages.tell(done)
    } catch (failure) {
      this.messages.fail(failure as Failure)
    }
  }
}
