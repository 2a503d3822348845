/** The stage of a test: a simulated Xero, the program, the window, and a user's browser. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after } from 'node:test'
import { chromium } from 'playwright-core'
import { Bookring } from './bookring.js'
import { limit } from './limits.js'
import { Person } from './person.js'
import { Window } from './window.js'
import { Xero } from './xero.js'

const chromiumPath = new URL('../../build/setup/chromium.sh', import.meta.url).pathname
let launching

/** browser returns the Chromium shared by a file of tests; each stage has own profiles. */
function browser() {
  launching ??= chromium.launch({
    executablePath: execFileSync(chromiumPath, { encoding: 'utf8' }).trim(),
    // The browser must neither use the keyring nor call its maker.
    args: [
      '--no-sandbox',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--password-store=basic',
    ],
  })
  return launching
}

after(async () => (await launching)?.close())

/**
 * stage sets the stage for a test and clears the stage afterwards. Every test ends
 * with a search for secrets in the data sent to the window.
 *
 * @param world the world for xero/main.go, or null for a program without a test server
 * @param settings environment variables of the program, besides those of the test server
 */
export async function stage(t, world, settings = {}) {
  const on = {}
  t.after(() => clear(on))
  on.xero = world && (await Xero.start(world))
  on.bookring = new Bookring({
    ...(world && {
      BOOKRING_XERO_DISCOVERY: on.xero.discovery,
      BOOKRING_XERO_API: on.xero.api,
      BOOKRING_CLIENT_ID: on.xero.clientID,
    }),
    ...settings,
  })
  await on.bookring.start()
  on.window = new Window(await profile(), on.bookring)
  await on.window.open()
  on.person = new Person(await profile())
  return on
}

/** clear ends every process, also after a failure, and searches for forbidden acts and secrets. */
async function clear(on) {
  try {
    if (on.person) assert.deepEqual(await secretsIn(on.window.heard(), on), [], 'secrets')
    assert.deepEqual(
      [on.window, on.person].flatMap((p) => p?.faults ?? []),
      [],
      'faults',
    )
  } finally {
    await Promise.allSettled([on.window, on.person].map((p) => p?.page.context().close()))
    await on.bookring?.end()
    await on.xero?.end()
  }
}

async function profile(options = {}) {
  const context = await (
    await browser()
  ).newContext({
    viewport: { width: 1000, height: 700 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  })
  context.setDefaultTimeout(limit)
  return context.newPage()
}

/** secretsOf returns the secrets that only Xero, Bookring's memory and the redirects may hold. */
export async function secretsOf({ xero, bookring, person }) {
  const inLinks = [...bookring.links, ...person.addresses].flatMap((address) => {
    const fields = new URL(address).searchParams
    return ['state', 'nonce', 'code_challenge', 'code'].map((name) => fields.get(name))
  })
  const issued = (await xero?.secrets()) ?? []
  return [...new Set([...issued, ...inLinks])].filter(Boolean)
}

/** secretsIn returns the beginning of every secret found in a text. */
export async function secretsIn(text, on) {
  const all = await secretsOf(on)
  return all.filter((secret) => text.includes(secret)).map((secret) => `${secret.slice(0, 6)}…`)
}
