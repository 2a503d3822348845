/** Ten thousand organisations: the page holds few rows, and the list answers at once. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { eventually } from './limits.js'
import { stage } from './stage.js'
import { organisations } from './xero.js'

const many = 10_000
const name = (number) => `Client ${String(number).padStart(5, '0')} Limited`
const names = Array.from({ length: many }, (_, i) => name(i + 1))
const world = organisations(names, { connected: true })
const { xero, bookring, window, person } = await stage({ after }, world)

/** until returns the milliseconds from an act to a given first row. */
async function until(act, first) {
  const began = performance.now()
  await act()
  await window.page
    .locator('tr[data-index="0"] .text')
    .filter({ hasText: new RegExp(`^${first}$`) })
    .waitFor({ state: 'attached' })
  return Math.round(performance.now() - began)
}

test('ten thousand organisations connect in a single round, with about forty rows in the page', async (t) => {
  await window.connect()
  const back = await xero.carryOn(await bookring.link(), 'Jo Whitmore')
  const took = await until(() => person.follow(back), name(1))
  t.diagnostic(`from the way back to the first row: ${took} ms`)
  await person.reads('10000 organisations are connected')
  assert.equal(await window.total(), many)
  const drawn = await window.page.locator('tr[data-index]').count()
  t.diagnostic(`rows in the page: ${drawn}`)
  assert.ok(drawn > 10 && drawn <= 60, `${drawn} rows`)
})

test('search, sort and scrolling answer during the reading of details', async (t) => {
  await window.page
    .getByText(/Reading details/)
    .first()
    .waitFor()
  const { page } = window
  const search = page.getByLabel('Search organisations')
  const took = {
    search: await until(() => search.fill('limited 09876'), name(9876)),
    clear: await until(() => search.press('Escape'), name(1)),
    sort: await until(() => press(/^Organisation$/), name(1)),
    turn: await until(() => press(/^Organisation$/), name(many)),
    back: await until(() => press(/^Status$/), name(1)),
  }
  await page.locator('tr[data-index="0"]').focus()
  const began = performance.now()
  await page.keyboard.press('End')
  await eventually(async () => assert.equal(await window.focusedRow(), name(many)))
  took.end = Math.round(performance.now() - began)
  await page.keyboard.press('Home')
  await eventually(async () => assert.equal(await window.focusedRow(), name(1)))
  t.diagnostic(`milliseconds: ${JSON.stringify(took)}`)
})

const press = (column) =>
  window.page.getByRole('columnheader').getByRole('button', { name: column }).click()
