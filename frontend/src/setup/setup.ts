import * as backend from '../backend'
import type { Calls } from '../shared/calls'
import type { Failure } from '../shared/failures'
import { addresses } from '../shared/words'
import * as words from './words'

/** Setup starts the demo and saves the settings. */
export class Setup {
  readonly #calls: Calls
  #saved: Promise<unknown> = Promise.resolve()

  constructor(calls: Calls) {
    this.#calls = calls
  }

  tryDemo(): Promise<void> {
    return this.#calls.change(backend.tryDemo)
  }

  openDeveloperPortal(): Promise<void> {
    return this.#calls.change(() => backend.openPage('developer-portal'))
  }

  copyRedirectAddresses(): Promise<void> {
    return this.#calls.tell(backend.copyRedirectAddresses, addresses.copied)
  }

  saveCheckEvery(setting: string): Promise<void> {
    const save = () => backend.saveCheckEvery(setting)
    return this.#calls.change(() => this.#inTurn(save), words.settings.checkSaved)
  }

  /** saveClientID returns null or the failure. A message reports the failure if the form is not seen any more. */
  async saveClientID(id: string, seen: () => boolean): Promise<Failure | null> {
    try {
      await this.#inTurn(() => backend.saveClientID(id))
    } catch (failure) {
      if (!seen()) this.#calls.messages.fail(failure as Failure)
      return failure as Failure
    }
    this.#calls.messages.speak(words.clientID.saved) // the form shows the sentence
    await this.#calls.refresh()
    return null
  }

  /** inTurn saves one setting after the other, so that the later of two values stays. */
  #inTurn(save: () => Promise<void>): Promise<void> {
    const saving = this.#saved.then(save, save)
    this.#saved = saving
    return saving
  }
}
