/** The simulated Xero, in a process of its own: see xero/main.go. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { ended, within } from './limits.js'

const program = new URL('../../build/bin/e2e/xero', import.meta.url).pathname

/** organisations makes a world of organisations that Jo Whitmore can connect together. */
export const organisations = (names, rest = {}) => ({
  organisations: names.map((name) => ({ name })),
  ...rest,
})

export class Xero {
  #process
  #lines

  /** start returns a simulated Xero; a world is what xero/main.go says it is. */
  static async start(world) {
    const xero = new Xero()
    xero.#process = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] })
    xero.#lines = createInterface({ input: xero.#process.stdout })[Symbol.asyncIterator]()
    xero.#process.stdin.write(JSON.stringify(world) + '\n')
    Object.assign(xero, await xero.#line())
    return xero
  }

  /** fail switches a fault on, at every request from now. */
  fail(endpoint, fault, particulars = {}) {
    return this.#ask({ do: 'fail', endpoint, fault, ...particulars })
  }

  /** heal switches every fault off. */
  heal() {
    return this.#ask({ do: 'heal' })
  }

  /** requests returns what was asked so far, in order: the endpoint, and when it was. */
  requests() {
    return this.#ask({ do: 'requests' })
  }

  /** secrets returns every code and token that was ever issued, also after close. */
  secrets() {
    return this.#ask({ do: 'secrets' })
  }

  /** allow does what a person does in the browser, and returns the way back, unopened. */
  allow(link, person, names) {
    return this.#ask({ do: 'allow', link, person, organisations: names })
  }

  /** carryOn is allow with what is connected already. */
  carryOn(link, person) {
    return this.#ask({ do: 'continue', link, person })
  }

  /** endTokens ends a person's sign-in, as after 60 days; what they connected stays. */
  endTokens(person) {
    return this.#ask({ do: 'end tokens', person })
  }

  /** close switches it off, as seen from the network. */
  close() {
    return this.#ask({ do: 'close' })
  }

  /** end ends the process. */
  async end() {
    this.#process.stdin.end()
    await ended(this.#process)
  }

  async #ask(command) {
    this.#process.stdin.write(JSON.stringify(command) + '\n')
    const { answer, error } = await this.#line()
    if (error) throw new Error(`the simulated Xero: ${error}`)
    return answer
  }

  async #line() {
    const { value, done } = await within('the simulated Xero', this.#lines.next(), 30_000)
    if (done) throw new Error('the simulated Xero has ended')
    return JSON.parse(value)
  }
}
