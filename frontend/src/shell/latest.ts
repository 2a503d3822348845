/**
 * Latest limits a question to one call at a time. Questions during a call share
 * one further call: every caller gets an answer to a call made after the
 * question, and no caller waits for more than two calls.
 */
export class Latest<T> {
  readonly #call: () => Promise<T>
  #asking: Promise<T> | null = null
  #next: Promise<T> | null = null

  constructor(call: () => Promise<T>) {
    this.#call = call
  }

  ask(): Promise<T> {
    if (!this.#asking) {
      this.#asking = this.#call().finally(() => {
        this.#asking = null
      })
      return this.#asking
    }
    this.#next ??= this.#asking.then(() => {
      this.#next = null
      return this.ask()
    })
    return this.#next
  }
}
