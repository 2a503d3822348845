/** Sign-ins that cannot start, or that never return from Xero. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { taken } from './bookring.js'
import { stage } from './stage.js'
import { organisations } from './xero.js'

test('after an error page at Xero the window says what to check', async (t) => {
  const unknown = { BOOKRING_CLIENT_ID: 'F'.repeat(32) }
  const { bookring, window, person } = await stage(t, { demo: true }, unknown)
  await window.connect()
  await person.follow(await bookring.link())
  await person.reads('Sorry, something went wrong')
  await window.page.getByText('What to check').click()
  await window.shows(unknown.BOOKRING_CLIENT_ID)
  await window.shows('Does your Xero app list all 8 of them?')
  await window.press('Cancel')
  await window.said(
    'Cancelled. If you still allow access in the browser, Bookring will add the client.',
  )
  await window.button('Connect to Xero').waitFor()
})

test('eight taken ports are named, and a single free port is enough', async (t) => {
  const others = await Promise.all(Array.from({ length: 8 }, taken))
  t.after(() => others.forEach((other) => other.close()))
  const ports = others.map((other) => other.address().port)
  const redirects = ports.map((port) => `http://localhost:${port}/callback`)
  const world = organisations(['Alder'], { redirects })
  const { xero, bookring, window, person } = await stage(t, world, {
    BOOKRING_REDIRECT_PORTS: ports.join(','),
  })
  await window.connect()
  await window.failed('The way back from the browser is blocked', 'ports-taken')
  await window.shows(ports.join(', '))

  others[5].close()
  await window.press('Try again')
  const link = await bookring.link()
  assert.equal(new URL(link).searchParams.get('redirect_uri'), redirects[5])
  await person.follow(await xero.allow(link, 'Jo Whitmore', ['Alder']))
  await window.lists(['Alder'])
})

test('a sign-in without organisations names the role as a possible cause', async (t) => {
  const world = organisations(['Alder', 'Birch'], { role: 'Read only' })
  const { xero, bookring, window, person } = await stage(t, world)
  await window.connect()
  await person.follow(await xero.carryOn(await bookring.link(), 'Jo Whitmore'))
  await window.failed('No organisation came back', 'no-organisation')
  await person.reads('No organisation came back')
  await window.press('Close')
  await window.button('Connect to Xero').waitFor()
})
