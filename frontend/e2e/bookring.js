/**
 * The real program in a dev build of Wails: HTTP serves the window's page, and a
 * websocket the real bindings.
 */
import { execFileSync, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import {
  constants,
  chmodSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer, connect, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ended, eventually, limit, within } from './limits.js'

const root = new URL('../../', import.meta.url).pathname

export class Bookring {
  /** The environment of the program; a change takes effect at the next start. */
  settings = {}
  demo = false
  folder = mkdtempSync(join(tmpdir(), 'bookring-e2e-'))
  data = join(this.folder, 'data')
  /** Every link that the program has opened in the browser. */
  links = []
  #process
  #opened
  #links

  constructor(settings) {
    this.settings = settings
    const pipe = join(this.folder, 'opened')
    execFileSync('mkfifo', [pipe])
    // Open for reading and writing, so that the pipe opens at once and never ends.
    this.#opened = new Socket({ fd: openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK) })
    this.#links = createInterface({ input: this.#opened })[Symbol.asyncIterator]()
    this.breakBrowser(false)
  }

  /** breakBrowser decides whether the system's default browser opens. */
  breakBrowser(broken) {
    const opener = join(this.folder, 'xdg-open')
    const does = broken ? 'exit 3' : `printf '%s\\n' "$1" >'${this.folder}/opened'`
    writeFileSync(opener, `#!/bin/sh\n${does}\n`)
    chmodSync(opener, 0o755)
  }

  /** link returns the next address that the program opens in the default browser. */
  async link() {
    const { value } = await within('an address for the browser', this.#links.next())
    this.links.push(value)
    return value
  }

  /** start returns once this.address serves the window's page. */
  async start() {
    const port = await freePort()
    this.address = `http://localhost:${port}/`
    this.log = openSync(join(this.folder, 'output'), 'a')
    this.#process = spawn(join(root, 'build/bin/e2e/bookring'), this.demo ? ['-demo'] : [], {
      stdio: ['ignore', this.log, this.log],
      env: {
        ...process.env,
        ...this.settings,
        PATH: `${this.folder}:${process.env.PATH}`,
        BOOKRING_DATA_DIR: this.data,
        devserver: `localhost:${port}`,
        assetdir: join(root, 'frontend/dist'),
      },
    })
    await eventually(() => answers(port)).catch((error) => {
      throw new Error(`Bookring did not start: ${this.output()}`, { cause: error })
    })
  }

  /** output returns the program's complete output on the terminal. */
  output() {
    return readFileSync(join(this.folder, 'output'), 'utf8')
  }

  /** commandLine returns the program's command line, visible to every user of the computer. */
  commandLine() {
    return readFileSync(`/proc/${this.#process.pid}/cmdline`, 'utf8')
  }

  /** stop ends the program like a shutdown of the computer. */
  async stop() {
    this.#process.kill('SIGTERM')
    await ended(this.#process)
  }

  async end() {
    await this.stop()
    this.#opened.destroy()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/**
 * taken listens on a port until the server is closed. The port is outside the
 * range of outgoing connections, so that the port stays free after the close.
 */
export async function taken() {
  for (;;) {
    const server = createServer().listen(randomInt(21_000, 25_000), '127.0.0.1')
    try {
      await once(server, 'listening')
      return server
    } catch (error) {
      if (error.code !== 'EADDRINUSE') throw error
    }
  }
}

async function freePort() {
  const server = await taken()
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

async function answers(port) {
  const socket = connect(port, 'localhost')
  try {
    await within('an answer', once(socket, 'connect'), limit)
  } finally {
    socket.destroy()
  }
}
