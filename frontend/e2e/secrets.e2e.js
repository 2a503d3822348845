/** Only the keychain and the program's memory hold secrets. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { secretsIn, secretsOf, stage } from './stage.js'

/** everythingIn returns the bytes of all files below a folder. */
const everythingIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')

/** heapOf returns a page's complete memory. */
async function heapOf(page) {
  const session = await page.context().newCDPSession(page)
  const parts = []
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => parts.push(chunk))
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  return parts.join('')
}

async function historyOf(page) {
  const session = await page.context().newCDPSession(page)
  const { entries } = await session.send('Page.getNavigationHistory')
  return entries.map(({ url, title }) => `${url} ${title}`).join('\n')
}

test('codes, tokens, state and nonce stay out of window, files, terminal and history', async (t) => {
  const on = await stage(t, { demo: true })
  const { bookring, window, person } = on
  await window.connect()
  const link = await bookring.link()
  await window.press('Copy link')
  await person.allow(link, 'Jo Whitmore', 'Granary Bakehouse')
  await window.lists(['Granary Bakehouse'])
  await person.press('Connect another organisation')
  await person.choose('Northlight Dental')
  await person.press('Allow access')
  await person.reads('Northlight Dental is connected')
  await window.lists(['Granary Bakehouse', 'Northlight Dental'])

  // Two of each: code, access, refresh and identity token, state, nonce, challenge.
  assert.ok((await secretsOf(on)).length >= 14)
  // The search itself works: the redirects to Xero and back hold secrets.
  assert.notDeepEqual(await secretsIn(person.addresses.join('\n'), on), [])
  const places = {
    'the websocket': window.heard(),
    'the window’s memory': await heapOf(window.page),
    'the window’s markup': await window.page.content(),
    'the terminal': bookring.output(),
    'the arguments': bookring.commandLine(),
    'the data folder': everythingIn(bookring.data),
    'the browser’s page': await person.page.content(),
    'the browser’s address and history': await historyOf(person.page),
  }
  for (const [place, text] of Object.entries(places)) {
    assert.ok(text.length > 0, `${place} was looked at`)
    assert.deepEqual(await secretsIn(text, on), [], place)
  }
})
