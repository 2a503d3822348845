/**
 * The real program, as Wails' dev build serves it: the window's page over HTTP,
 * with the real bindings over a websocket.
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
  /** What the program was started with; changes count from the next start. */
  settings = {}
  demo = false
  folder = mkdtempSync(join(tmpdir(), 'bookring-e2e-'))
  data = join(this.folder, 'data')
  /** Every link the program has sent the browser to. */
  links = []
  #process
  #opened
  #links

  constructor(settings) {
    this.settings = settings
    const pipe = join(this.folder, 'opened')
    execFileSync('mkfifo', [pipe])
    // For both ways, so that it opens at once and never ends.
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

  /** start returns when the window's page can be had, at this.address. */
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

  /** output is all that the program wrote to its terminal. */
  output() {
    return readFileSync(join(this.folder, 'output'), 'utf8')
  }

  /** commandLine is what everybody on the computer can see of the program. */
  commandLine() {
    return readFileSync(`/proc/${this.#process.pid}/cmdline`, 'utf8')
  }

  /** stop closes the window as the person does who switches the computer off. */
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
 * taken holds a port that nobody else can have until it is closed. It is none
 * of those that the system gives to outgoing connections, one of which could
 * have it as soon as it is closed.
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
