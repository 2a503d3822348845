/** Bookring recovers a damaged list by itself, and the window reports the recovery. */
import assert from 'node:assert/strict'
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { stage } from './stage.js'

const { xero, bookring, window, person } = await stage({ after }, { demo: true })
const names = ['Calder Street Vets', 'Dunes Surf School', 'Fjord Analytics Ltd']

/** within returns a path in the folder of the test server's data. */
function within(...path) {
  const [place] = readdirSync(bookring.data).filter((name) => name.startsWith('test-'))
  return join(bookring.data, place, ...path)
}

async function again() {
  await bookring.start()
  await window.open()
}

test('a damaged list is rebuilt from the password store and Xero', async () => {
  for (const [who, organisation] of [
    ['Jo Whitmore', 'Calder Street Vets'],
    ['Jo Whitmore', 'Fjord Analytics Ltd'],
    ['Sam Adeyemi', 'Dunes Surf School'],
  ]) {
    await window.connect()
    await person.follow(await xero.allow(await bookring.link(), who, [organisation]))
    await window.listed(organisation)
  }
  await bookring.stop()
  rmSync(within('backups'), { recursive: true })
  writeFileSync(within('bookring.db'), Buffer.alloc(50_000, 7))
  await again()
  await window.lists(names)
  await window.shows('The list was damaged')
  await window.shows(
    'Bookring rebuilt it with 2 sign-ins from this computer’s password store: 3 organisations came back from Xero.',
  )
  const people = (await window.rows()).map((row) => row[2])
  assert.deepEqual(people, ['Jo Whitmore', 'Sam Adeyemi', 'Jo Whitmore'])
  const [kept] = readdirSync(within('damaged'))
  assert.equal(readFileSync(within('damaged', kept, 'bookring.db')).length, 50_000)
})

test('the notice about the recovery stays until dismissed', async () => {
  await bookring.stop()
  await again()
  await window.shows('The list was damaged')
  await window.press('Dismiss')
  await window.button('Dismiss').waitFor({ state: 'hidden' })
  await bookring.stop()
  await again()
  await window.lists(names)
  assert.equal(await window.button('Dismiss').count(), 0)
})

test('a second recovery uses the backup of today', async () => {
  await bookring.stop()
  writeFileSync(within('bookring.db'), 'damaged')
  await again()
  await window.lists(names)
  await window.shows(/Bookring restored it from .* and has checked 3 organisations with Xero\./)
})
