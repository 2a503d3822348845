/** Disconnecting with the mouse and with the keyboard, and the requests to Xero. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { eventually } from './limits.js'
import { stage } from './stage.js'
import { tabTo } from './window.js'
import { organisations } from './xero.js'

const { bookring, window, person, xero } = await stage(
  { after },
  organisations(['Alder', 'Birch', 'Cedar']),
)
const row = (name) => window.page.locator('tr[data-index]').filter({ hasText: name })

/** sentToXero counts the requests to end a connection. */
const sentToXero = async () => {
  const endpoints = (await xero.requests()).map((request) => request.endpoint)
  const count = (name) => endpoints.filter((endpoint) => endpoint === name).length
  return { disconnected: count('disconnect'), revoked: count('revocation') }
}
const stands = (name, status) =>
  eventually(async () => {
    const rows = await window.rows()
    assert.deepEqual(rows.find((cells) => cells[0] === name)?.[1], status)
  })

test('an organisation is disconnected with the mouse', async () => {
  await window.connect()
  await person.allow(await bookring.link(), 'Jo Whitmore', 'Alder', 'Birch', 'Cedar')
  await window.lists(['Alder', 'Birch', 'Cedar'])
  await window.page.getByRole('checkbox', { name: 'Select Birch' }).click()
  await window.press('Disconnect…')
  await window.shows('Disconnected at Xero through Jo Whitmore.')
  assert.deepEqual(await sentToXero(), { disconnected: 0, revoked: 0 })
  await window.press('Disconnect 1 organisation')
  await window.said('Disconnected Birch.')
  await stands('Birch', 'Disconnected')
  await stands('Alder', 'Connected')
  assert.deepEqual(await sentToXero(), { disconnected: 1, revoked: 0 })
})

test('another organisation is disconnected with the keyboard', async () => {
  await row('Cedar').focus()
  await window.page.keyboard.press('Space')
  await tabTo(window.page, window.button('Disconnect…'))
  await window.page.keyboard.press('Enter')
  await window.reads('Disconnect Cedar?')
  // Cancel has the focus.
  await window.page.keyboard.press('Enter')
  await window.page.locator('dialog[open]').waitFor({ state: 'hidden' })
  assert.deepEqual(await sentToXero(), { disconnected: 1, revoked: 0 })
  await window.button('Disconnect…').focus()
  await window.page.keyboard.press('Enter')
  await tabTo(window.page, window.button('Disconnect 1 organisation'))
  await window.page.keyboard.press('Enter')
  await stands('Cedar', 'Disconnected')
  await window.said('Disconnected Cedar.')
  assert.deepEqual(await sentToXero(), { disconnected: 2, revoked: 0 })
  const inList = () => document.activeElement.closest('table') !== null
  assert.ok(await window.page.evaluate(inList), 'the focus is not in the list')
})

test('the next check changes nothing, and forgetting removes the row', async () => {
  await window.press('Check now')
  await stands('Alder', 'Connected')
  await stands('Birch', 'Disconnected')
  await window.page.getByRole('checkbox', { name: 'Select Birch' }).click()
  await window.press('Forget…')
  await window.press('Forget 1 organisation')
  await eventually(async () => {
    const names = (await window.rows()).map((cells) => cells[0])
    assert.deepEqual(names.sort(), ['Alder', 'Cedar'])
  })
  assert.deepEqual(await sentToXero(), { disconnected: 2, revoked: 0 })
})
