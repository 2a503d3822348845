/** Removing everything as a single story: cancelled, without a password store, without Xero. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, test } from 'node:test'
import { eventually } from './limits.js'
import { secretsIn, stage } from './stage.js'
import { organisations } from './xero.js'

const names = ['Alder', 'Birch', 'Cedar']
const on = await stage({ after }, organisations(names))
const { xero, bookring, window, person } = on

async function connectAll() {
  await window.connect()
  await person.allow(await bookring.link(), 'Jo Whitmore', ...names)
  await window.lists(names)
}

/** remove goes from the list to the removal and presses the button. */
async function remove() {
  await window.press('Settings')
  await window.press('Remove everything from this computer…')
  await window.reads('What goes')
  await window.press('Remove everything')
}

async function restart(settings = {}) {
  await bookring.stop()
  Object.assign(bookring.settings, settings)
  await bookring.start()
  await window.open()
}

/** isGone fails unless the ended program has left no file. */
async function isGone() {
  await bookring.stop()
  assert.ok(!existsSync(bookring.data), 'the data folder is there')
}

const disconnectRequests = async () =>
  (await xero.requests()).filter(({ endpoint }) => endpoint === 'disconnect').length

test('a removal cancelled during the disconnects leaves the list unchanged', async () => {
  await connectAll()
  await xero.fail('disconnect', 'stalled')
  await remove()
  await window.reads('Disconnecting at Xero')
  await eventually(async () => assert.equal(await disconnectRequests(), 1))
  await window.press('Cancel')
  await window.said('Cancelled. Nothing was removed from this computer.')
  await window.press('Cancel')
  await window.press('Back')
  await xero.heal()
  await window.lists(names)
})

test('a missing password store stops the removal and is reported', async () => {
  await restart({ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' })
  await window.lists(names, 'Not checked')
  await remove()
  await window.reads('Some keys could not be removed')
  await window.press('Keep the rest')
  await window.press('Back')
  await window.lists(names, 'Not checked')

  await remove()
  await window.press('Remove the rest')
  await window.reads('Removed, but for a few things')
  await window.shows('The key of Jo Whitmore: no password store was found')
  await window.shows('Alder, Birch and Cedar, through Jo Whitmore: no password store was found')
  await isGone()
})

test('the next start shows the organisations behind a key left by a removal', async () => {
  delete bookring.settings.DBUS_SESSION_BUS_ADDRESS
  await bookring.start()
  await window.open()
  await window.lists(names)
})

// The last test: Xero stays off.
test('without Xero the removal asks first, and the receipt names the connections left at Xero', async () => {
  await restart()
  await window.lists(names)
  await xero.close()
  await remove()
  await window.reads('Xero could not be told')
  await window.press('Do not remove')
  await window.press('Back')
  await window.lists(names, 'Not checked')

  await remove()
  await window.reads('Xero could not be told')
  await window.press('Remove anyway')
  await window.reads('Everything on this computer is removed')
  await window.shows('Alder, Birch and Cedar, through Jo Whitmore: Xero could not be reached')
  const text = await window.page.locator('main').innerText()
  assert.deepEqual(await secretsIn(text, on), [])
  await isGone()
  await bookring.start()
  await window.open()
  await window.button('Connect to Xero').waitFor()
})
