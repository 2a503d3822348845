/** The program's notifications on the desktop: see notifications.py. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { ended, within } from './limits.js'

const program = new URL('notifications.py', import.meta.url).pathname

export class Notifications {
  #process
  #lines

  /** start returns once the notification service is ready. */
  static async start() {
    const board = new Notifications()
    board.#process = spawn('/usr/bin/python3', [program], { stdio: ['ignore', 'pipe', 'inherit'] })
    board.#lines = createInterface({ input: board.#process.stdout })[Symbol.asyncIterator]()
    await board.next()
    return board
  }

  /** next returns the title and the text of the next notification. */
  async next() {
    const { value } = await within('a message of the desktop', this.#lines.next())
    return JSON.parse(value)
  }

  async end() {
    this.#process.kill()
    await ended(this.#process)
  }
}
