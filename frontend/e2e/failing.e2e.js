/** Sign-ins that fail: said in words, in the window and on the page, and the way on works. */
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

/** connect presses Connect and allows access to an organisation, by the shortest way. */
async function connect(name) {
  await window.connect()
  return xero.allow(await bookring.link(), 'Jo Whitmore', [name])
}

test('Cancel on Xero’s page is no error of Bookring’s, and Try again begins anew', async () => {
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

test('after Cancel in the window a late answer changes nothing', async () => {
  await window.connect()
  const link = await bookring.link()
  await window.press('Cancel')
  await window.said('Sign-in cancelled. Nothing was changed.')
  const before = await xero.requests()
  const back = await xero.allow(link, 'Jo Whitmore', ['Birch'])
  await person.follow(back).catch(() => {}) // the way back may be closed already
  const since = (await xero.requests()).slice(before.length)
  assert.deepEqual(
    since.filter(({ endpoint }) => endpoint.startsWith('token')),
    [],
  )
  assert.ok(!(await window.rows()).some(([name]) => name === 'Birch'))
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

test('an answer that breaks off is said to be cut off, and nothing is stored', async () => {
  await xero.fail('token: code', 'dropped')
  await person.follow(await connect('Damson'))
  await window.failed('Xero’s answer could not be read', 'xero-unreadable')
  await person.reads('Xero’s answer could not be read')
})

test('what Xero has granted is taken up again without the browser', async () => {
  await xero.fail('connections', 'status', { status: 503 })
  await person.follow(await connect('Elder'))
  await window.failed('Xero is not available right now', 'xero-unavailable')
  await person.reads('Xero is not available right now')
  await xero.heal()
  await window.press('Try again')
  await window.listed('Elder')
})

test('a network that wants a sign-in of its own is named as that', async () => {
  await xero.fail('connections', 'captive portal', { status: 200 })
  await person.follow(await connect('Fir'))
  await window.failed('This network wants you to sign in first', 'network-sign-in')
  await xero.heal()
  await window.press('Try again')
  await window.listed('Fir')
})

test('a proof of identity that is not valid stores nothing, and says which part', async () => {
  await xero.fail('token: code', 'wrong identity', { with: 'nonce of another sign-in' })
  await person.follow(await connect('Gorse'))
  await window.failed('Xero’s proof of who signed in is not valid', 'identity-invalid')
  await window.shows(/The part that did not match: the sign-in it is for/)
  await person.reads('Xero’s proof of who signed in is not valid')
})

test('where the way back is blocked, the address is pasted; a wrong one ends nothing', async () => {
  const back = await connect('Hazel')
  person.addresses.push(back)
  for (const wrong of ['hello', back.replace('code=', 'kode='), 'http://localhost/callback']) {
    await pastes(wrong, () => says('is not the one'))
  }
  await pastes('  ', () => says('nothing to paste yet'))
  await pastes(`${back}\n`, () => window.listed('Hazel'))
})

/**
 * pastes presses the button with a text on the clipboard. Whoever offers the
 * text stays until its effect is seen: GTK waits half a minute for one that left.
 */
function pastes(text, seen) {
  return withOnClipboard(text, async () => {
    await window.press('Paste the address it ended on')
    await seen()
  })
}

const says = (text) => window.page.getByRole('alert').filter({ hasText: text }).waitFor()

// The last one: Xero stays switched off.
test('offline when the code is exchanged is said as that, in the window and on the page', async () => {
  const back = await connect('Ivy')
  await xero.close()
  await person.follow(back)
  await window.failed('Xero cannot be reached', 'offline')
  await window.shows(/did not work while Bookring asked Xero for access/)
  await person.reads('Xero cannot be reached')
})
