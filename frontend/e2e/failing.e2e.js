/** Failed sign-ins: the words in the window and on the page, and the next step. */
import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { onClipboard, withOnClipboard } from './clipboard.js'
import { stage } from './stage.js'
import { organisations } from './xero.js'

const names = ['Alder', 'Birch', 'Cedar', 'Damson', 'Elder', 'Fir', 'Gorse', 'Hazel', 'Ivy']
const { xero, bookring, window, person } = await stage({ after }, organisations(names))

beforeEach(async () => {
  bookring.breakBrowser(false)
  await xero.heal()
  await window.settle()
})

/** connect presses Connect and allows access to an organisation. */
async function connect(name) {
  await window.connect()
  return xero.allow(await bookring.link(), 'Jo Whitmore', [name])
}

test('Cancel on Xero’s page is not an error, and Try again starts again', async () => {
  await window.connect()
  await person.follow(await bookring.link())
  await person.press('Jo Whitmore')
  await person.press('Cancel')
  await person.reads('Access was not allowed')
  await window.failed('Access was not allowed', 'refused')
  await window.press('Try again')
  await person.allow(await bookring.link(), 'Jo Whitmore', 'Alder')
  await window.listed('Alder')
})

// The browser used to end in "connection refused", although Xero had connected the client.
test('access allowed after Cancel in the window connects the client', async () => {
  await window.connect()
  const link = await bookring.link()
  await window.page.keyboard.press('Escape')
  await window.page.keyboard.press('Escape')
  await window.reads('Finish in your browser')
  await window.press('Cancel')
  await window.said(
    'Cancelled. If you still allow access in the browser, Bookring will add the client.',
  )
  await person.follow(await xero.allow(link, 'Jo Whitmore', ['Birch']))
  await person.reads('Birch is connected')
  await window.listed('Birch')
})

test('a browser that does not open leaves the link, within a second', async (t) => {
  bookring.breakBrowser(true)
  const pressed = performance.now()
  await window.connect()
  await window.reads('Open the link in your browser')
  const took = performance.now() - pressed
  t.diagnostic(`the link was offered after ${took.toFixed(0)} ms`)
  await window.press('Copy link')
  await window.said('The link is on the clipboard.')
  const link = await onClipboard()
  bookring.links.push(link)
  await person.allow(link, 'Jo Whitmore', 'Cedar')
  await window.listed('Cedar')
  assert.ok(took <= 1000, `${took} ms`)
})

test('a truncated answer is reported as cut off, and nothing is stored', async () => {
  await xero.fail('token: code', 'dropped')
  await person.follow(await connect('Damson'))
  await window.failed('Xero’s answer could not be read', 'xero-unreadable')
  await person.reads('Xero’s answer could not be read')
})

test('a granted connection is taken up without the browser', async () => {
  await xero.fail('connections', 'status', { status: 503 })
  await person.follow(await connect('Elder'))
  await window.failed('Xero is not available right now', 'xero-unavailable')
  await person.reads('Xero is not available right now')
  await xero.heal()
  await window.press('Try again')
  await window.listed('Elder')
})

test('a network with its own sign-in is named as the cause', async () => {
  await xero.fail('connections', 'captive portal', { status: 200 })
  await person.follow(await connect('Fir'))
  await window.failed('This network wants you to sign in first', 'network-sign-in')
  await xero.heal()
  await window.press('Try again')
  await window.listed('Fir')
})

test('an invalid proof of identity stores nothing and names the invalid part', async () => {
  await xero.fail('token: code', 'wrong identity', { with: 'nonce of another sign-in' })
  await person.follow(await connect('Gorse'))
  await window.failed('Xero’s proof of who signed in is not valid', 'identity-invalid')
  await window.shows(/The part that did not match: the sign-in it is for/)
  await person.reads('Xero’s proof of who signed in is not valid')
})

test('after a blocked redirect the user pastes the address; a wrong address ends nothing', async () => {
  const back = await connect('Hazel')
  person.addresses.push(back)
  for (const wrong of ['hello', back.replace('code=', 'kode='), 'http://localhost/callback']) {
    await pastes(wrong, () => says('is not the one'))
  }
  await pastes('  ', () => says('nothing to paste yet'))
  await pastes(`${back}\n`, () => window.listed('Hazel'))
})

/**
 * pastes presses the button with a text on the clipboard. The text stays on offer
 * until its effect is visible: GTK waits half a minute for an owner that has gone.
 */
function pastes(text, seen) {
  return withOnClipboard(text, async () => {
    await window.press('Paste the address it ended on')
    await seen()
  })
}

const says = (text) => window.page.getByRole('alert').filter({ hasText: text }).waitFor()

// The last test: Xero stays off.
test('an exchange without a network is reported as offline, in the window and on the page', async () => {
  const back = await connect('Ivy')
  await xero.close()
  await person.follow(back)
  await window.failed('Xero cannot be reached', 'offline')
  await window.shows(/did not work while Bookring asked Xero for access/)
  await person.reads('Xero cannot be reached')
})
