/** Results of a round other than a single new organisation. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { eventually } from './limits.js'
import { stage } from './stage.js'
import { organisations } from './xero.js'

const world = organisations(['Alder', 'Birch', 'Cedar', 'Damson', 'Twin Ltd', 'Twin Ltd'])
world.organisations.push({ name: 'Ledger & Lane', type: 'PRACTICE' })
const { bookring, window, person } = await stage({ after }, world)

test('several organisations of a round are announced together', async () => {
  await window.connect()
  await person.allow(await bookring.link(), 'Jo Whitmore', 'Birch', 'Cedar', 'Damson')
  await person.reads('3 organisations are connected')
  await window.lists(['Birch', 'Cedar', 'Damson'])
  await window.said(/^3 organisations connected\. .*3 organisations are connected now\.$/)
})

test('a round without a new organisation is an answer, not an error', async () => {
  await window.connect()
  await person.follow(await bookring.link())
  await person.press('Continue with 3 organisations')
  await person.reads('These organisations were connected already')
  await window.said('These 3 organisations were connected already.')
  await window.lists(['Birch', 'Cedar', 'Damson'])
})

test('a connection other than an organisation is named and not listed', async () => {
  await window.connect()
  await person.allow(await bookring.link(), 'Jo Whitmore', 'Alder', 'Ledger & Lane')
  await person.reads('Alder is connected')
  assert.match(await person.text(), /Ledger & Lane\s+not an organisation/)
  await window.said('Xero also connected Ledger & Lane (practice). Bookring lists organisations')
  await window.lists(['Alder', 'Birch', 'Cedar', 'Damson'])
})

test('two organisations with the same name are two distinguishable rows', async () => {
  await window.connect()
  await person.follow(await bookring.link())
  await person.press('Select all')
  await person.press('Allow access')
  await person.reads('2 organisations are connected')
  await window.lists(['Alder', 'Birch', 'Cedar', 'Damson', 'Twin Ltd', 'Twin Ltd'])
  const marks = window.page.locator('tr[data-index] th small')
  await eventually(async () => {
    const ids = await marks.evaluateAll((all) => all.map((mark) => mark.dataset.text))
    assert.equal(new Set(ids).size, 2)
  })
})
