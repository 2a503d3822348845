/** The first start without a client ID, and the two choices. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { onClipboard } from './clipboard.js'
import { stage } from './stage.js'

const choice = 'How would you like to start?'
const { bookring, window, person } = await stage({ after }, null)

test('the demo starts and ends inside the running program', async () => {
  await window.reads(choice)
  await window.press('Try it with demo data')
  await window.shows('Demo data: everything here is made up.')
  await window.press('Connect to Xero')
  await person.allow(await bookring.link(), 'Aroha Ngata', 'Bright Fern Nurseries')
  await person.reads('Bright Fern Nurseries is connected')
  await window.lists(['Bright Fern Nurseries'])

  await window.press('Leave the demo')
  await window.reads(choice)
  const text = await window.page.locator('body').innerText()
  assert.doesNotMatch(text, /everything here is made up|Bright Fern/)
})

test('neither the window nor Go saves an invalid client ID', async () => {
  await window.press('Settings')
  const field = window.page.getByLabel('Client ID')
  await field.fill('0DE30B00C81A5E00')
  await window.press('Save client ID')
  await window.shows('16 of 32 characters so far.')
  await field.fill('not a client ID, but a secret: no!')
  await window.press('Save client ID')
  await window.shows('Only the digits 0 to 9 and the letters A to F can be part of it.')
  const refused = await window.page.evaluate((id) => {
    return globalThis.go.main.App.SaveClientID(id).catch((error) => String(error.message ?? error))
  }, 'Z'.repeat(32))
  assert.deepEqual(JSON.parse(refused), { code: 'client-id-malformed', detail: '' })
  await window.press('Back')
  await window.reads(choice)
})

test('a practice sets up its own Xero app with the copied addresses', async () => {
  await window.press('Use our own Xero app')
  await window.reads('Your practice’s Xero app')
  await window.press('Copy all 8 addresses')
  await window.said('The redirect addresses are on the clipboard.')
  const ports = [10742, 15742, 20742, 25742, 30742, 35742, 40742, 45742]
  const expected = ports.map((port) => `http://localhost:${port}/callback`)
  assert.deepEqual((await onClipboard()).split('\n'), expected)

  await window.page.getByLabel('Client ID').fill('0de30b00c81a5e00 a11c0de5ca1ab1e5')
  await window.press('Save client ID')
  await window.button('Connect to Xero').waitFor()
})
