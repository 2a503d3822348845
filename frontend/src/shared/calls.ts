import * as backend from '../backend'
import type { Failure } from './failures'
import type { Told } from '../signin/words'
import { removal } from '../removal/words'
import * as setup from '../setup/words'
import { calendar } from '../signins/words'
import * as text from '../words/text'
import type { Messages } from './messages.svelte'

/**
 * Errands are the buttons that hand one thing to Go and say how that went. Each
 * is done when its promise settles; none of them fails.
 */
export class Errands {
  constructor(
    private readonly messages: Messages,
    private readonly refresh: () => Promise<void>,
  ) {}

  tryDemo(): Promise<void> {
    return this.#run(backend.tryDemo)
  }

  leaveDemo(): Promise<void> {
    return this.#run(backend.leaveDemo)
  }

  /** connectAgain takes the id of an organisation that was disconnected here. */
  connectAgain(id: string): Promise<void> {
    return this.#run(() => backend.connectAgain(id))
  }

  dismissRecovery(): Promise<void> {
    return this.#run(backend.dismissRecovery)
  }

  openDeveloperPortal(): Promise<void> {
    return this.#run(() => backend.openPage('developer-portal'))
  }

  mailSupport(code: string): Promise<void> {
    return this.#run(() => backend.mailSupport(code))
  }

  saveCheckEvery(setting: string): Promise<void> {
    const save = () => backend.saveCheckEvery(setting)
    return this.#run(() => this.#inTurn(save), text.settings.checkSaved)
  }

  /** keepOpen and closeAnyway answer whether to close with a sign-in that is not saved. */
  keepOpen(): Promise<void> {
    return this.#run(backend.keepOpen)
  }

  closeAnyway(): Promise<void> {
    return this.#run(backend.closeAnyway)
  }

  quit(): Promise<void> {
    return this.#run(backend.quit)
  }

  copyRedirectAddresses(): Promise<void> {
    return this.#tell(backend.copyRedirectAddresses, setup.addresses.copied)
  }

  copyReceipt(receipt: string): Promise<void> {
    return this.#tell(() => backend.copy(receipt), removal.copied)
  }

  saveCalendar(): Promise<void> {
    this.messages.dismiss()
    return this.#tell(backend.saveCalendar, calendar.saved)
  }

  /** saveClientID returns why it was not saved, or null: the form shows it, if it is still seen. */
  async saveClientID(id: string, seen: () => boolean): Promise<Failure | null> {
    try {
      await this.#inTurn(() => backend.saveClientID(id))
    } catch (failure) {
      if (!seen()) this.messages.fail(failure as Failure)
      return failure as Failure
    }
    this.messages.speak(setup.clientID.saved) // the form shows it
    await this.refresh()
    return null
  }

  #saved: Promise<unknown> = Promise.resolve()

  /** inTurn saves one after the other, so that of two the later one stays. */
  #inTurn(save: () => Promise<void>): Promise<void> {
    const saving = this.#saved.then(save, save)
    this.#saved = saving
    return saving
  }

  /** run makes a change, and says so, if that is not plain to see. */
  async #run(change: () => Promise<void>, done = ''): Promise<void> {
    this.messages.dismiss()
    try {
      await change()
    } catch (failure) {
      this.messages.fail(failure as Failure)
      return
    }
    if (done !== '') this.messages.say(done)
    await this.refresh()
  }

  /** tell does what leaves the window as it is. False is a person who changed their mind. */
  async #tell(call: () => Promise<boolean | void>, done: Told): Promise<void> {
    try {
      if ((await call()) !== false) this.messages.tell(done)
    } catch (failure) {
      this.messages.fail(failure as Failure)
    }
  }
}
