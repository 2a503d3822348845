/** The simulated Xero as a process: see xero/main.go. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { ended, within } from './limits.js'

const program = new URL('../../build/bin/e2e/xero', import.meta.url).pathname

/** organisations makes a world whose organisations Jo Whitmore can connect in a single round. */
export const organisations = (names, rest = {}) => ({
  organisations: names.map((name) => ({ name })),
  ...rest,
})

export class Xero {
  #process
  #lines

  /** start returns a simulated Xero with a world as in xero/main.go. */
  static async start(world) {
    const xero = new Xero()
    xero.#process = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] })
    xero.#lines = createInterface({ input: xero.#process.stdout })[Symbol.asyncIterator]()
    xero.#process.stdin.write(JSON.stringify(world) + '\n')
    Object.assign(xero, await xero.#line())
    return xero
  }

  /** fail switches a fault on for every request from now. */
  fail(endpoint, fault, particulars = {}) {
    return this.#ask({ do: 'fail', endpoint, fault, ...particulars })
  }

  /** heal switches every fault off. */
  heal() {
    return this.#ask({ do: 'heal' })
  }

  /** requests returns the endpoint and the time of every request so far, in order. */
  requests() {
    return this.#ask({ do: 'requests' })
  }

  /** secrets returns every code and token issued so far, also after close. */
  secrets() {
    return this.#ask({ do: 'secrets' })
  }

  /** allow follows a link like a user in the browser and returns the redirect, not yet opened. */
  allow(link, person, names) {
    return this.#ask({ do: 'allow', link, person, organisations: names })
  }

  /** carryOn is allow with the organisations connected already. */
  carryOn(link, person) {
    return this.#ask({ do: 'continue', link, person })
  }

  /** endTokens ends a user's sign-in, as after 60 days. The connections stay. */
  endTokens(person) {
    return this.#ask({ do: 'end tokens', person })
  }

  /** close takes Xero off the network. */
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
