/** The main job: connect organisations, find them in the list, now and tomorrow. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from './limits.js'
import { stage } from './stage.js'
import { tabTo } from './window.js'
import { organisations } from './xero.js'

test('the first organisation is connected with the keyboard alone', async (t) => {
  const { bookring, window, person } = await stage(t, { demo: true })
  await tabTo(window.page, window.button('Connect to Xero'))
  await window.page.keyboard.press('Enter')
  await window.reads('Finish in your browser')

  const { page } = person
  await person.follow(await bookring.link())
  await tabTo(page, page.getByRole('button', { name: 'Jo Whitmore' }))
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByRole('radio').first())
  await page.keyboard.press('Space')
  await tabTo(page, page.getByRole('button', { name: 'Allow access' }))
  await page.keyboard.press('Enter')
  await person.reads('Abernathy & Sons Builders is connected')
  assert.match(await person.text(), /1 organisation is on your ring now/)

  await window.lists(['Abernathy & Sons Builders'])
  await window.said('Abernathy & Sons Builders is connected. 1 organisation is connected now.')
  await eventually(async () => assert.equal(await window.focusedRow(), 'Abernathy & Sons Builders'))
})

test('the next one is connected from the browser’s page, without touching the window', async (t) => {
  const { bookring, window, person } = await stage(t, { demo: true })
  await window.connect()
  await person.allow(await bookring.link(), 'Jo Whitmore', 'Granary Bakehouse')
  await person.press('Connect another organisation')
  await window.reads('Finish in your browser')
  await person.choose('Calder Street Vets')
  await person.press('Allow access')
  await person.reads('Calder Street Vets is connected')
  assert.match(await person.text(), /2 organisations are on your ring now/)

  await window.lists(['Calder Street Vets', 'Granary Bakehouse'])
  await window.said('Calder Street Vets is connected. 2 organisations are connected now.')
  await eventually(async () => assert.equal(await window.focusedRow(), 'Calder Street Vets'))
})

test('the list is there after a restart, also when Xero cannot be reached', async (t) => {
  const { xero, bookring, window, person } = await stage(t, { demo: true })
  await window.connect()
  await person.allow(await bookring.link(), 'Jo Whitmore', 'Kererū Joinery Ltd')
  await window.lists(['Kererū Joinery Ltd'])
  await window.shows('NZD')

  await bookring.stop()
  await bookring.start()
  await window.open()
  await window.lists(['Kererū Joinery Ltd'])

  await bookring.stop()
  await xero.close()
  await bookring.start()
  await window.open()
  await window.lists(['Kererū Joinery Ltd'])
  await window.shows('NZD')
})

test('a second Xero user is named beside the first, in the window and on the page', async (t) => {
  const { bookring, window, person } = await stage(t, { demo: true })
  await window.connect()
  await person.allow(await bookring.link(), 'Jo Whitmore', 'Northlight Dental')
  await window.lists(['Northlight Dental'])

  await person.press('Connect another organisation')
  await person.press('Sign in as someone else')
  await person.press('Sam Adeyemi')
  await person.choose('Granary Bakehouse')
  await person.press('Allow access')
  await person.reads('Granary Bakehouse is connected')
  assert.match(await person.text(), /Signed in as Sam Adeyemi\. Last time it was Jo Whitmore\./)
  await window.said('Signed in as Sam Adeyemi; last time it was Jo Whitmore.')

  await person.press('Connect another organisation')
  await person.choose('Abernathy & Sons Builders')
  await person.press('Allow access')
  await window.said('Abernathy & Sons Builders is connected')
  await eventually(async () =>
    assert.deepEqual(await window.rows(), [
      ['Abernathy & Sons Builders', 'Connected', 'Sam Adeyemi'],
      ['Granary Bakehouse', 'Connected', 'Sam Adeyemi'],
      ['Northlight Dental', 'Connected', 'Jo Whitmore'],
    ]),
  )
})

test('several organisations that come at once are told as several', async (t) => {
  const names = ['Alder', 'Birch', 'Cedar', 'Damson']
  const { bookring, window, person } = await stage(t, organisations(names))
  await window.connect()
  await person.allow(await bookring.link(), 'Jo Whitmore', 'Birch', 'Cedar', 'Damson')
  await person.reads('3 organisations are connected')
  await window.lists(['Birch', 'Cedar', 'Damson'])
  await window.said(/^3 organisations connected\. .*3 organisations are connected now\.$/)
})

test('none new is an answer, not an error', async (t) => {
  const { bookring, window, person } = await stage(t, organisations(['Alder', 'Birch']))
  await window.connect()
  await person.allow(await bookring.link(), 'Jo Whitmore', 'Alder')
  await window.lists(['Alder'])
  await person.press('Connect another organisation')
  await person.press('Continue with 1 organisation')
  await person.reads('Alder was connected already')
  await window.said('Alder was connected already. Nothing changed.')
  await window.lists(['Alder'])
})

test('what is not an organisation is named and not listed', async (t) => {
  const world = organisations(['Alder'])
  world.organisations.push({ name: 'Ledger & Lane', type: 'PRACTICE' })
  const { bookring, window, person } = await stage(t, world)
  await window.connect()
  await person.allow(await bookring.link(), 'Jo Whitmore', 'Alder', 'Ledger & Lane')
  await person.reads('Alder is connected')
  assert.match(await person.text(), /Ledger & Lane\s+not an organisation/)
  await window.said(
    'Xero also connected Ledger & Lane (practice). Bookring lists organisations only.',
  )
  await window.lists(['Alder'])
})

test('two organisations with one name are two rows that can be told apart', async (t) => {
  const { bookring, window, person } = await stage(t, organisations(['Twin Ltd', 'Twin Ltd']))
  await window.connect()
  await person.follow(await bookring.link())
  await person.press('Jo Whitmore')
  await person.press('Select all')
  await person.press('Allow access')
  await person.reads('2 organisations are connected')
  await window.lists(['Twin Ltd', 'Twin Ltd'])
  const marks = window.page.locator('tr[data-index] th small')
  const ids = await marks.evaluateAll((all) => all.map((mark) => mark.dataset.text))
  assert.equal(new Set(ids).size, 2)
})
