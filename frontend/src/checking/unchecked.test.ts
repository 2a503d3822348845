import { expect, test } from 'vitest'
import type { Row } from '../backend'
import { go, organisations } from '../test/go'
import { Unchecked } from './unchecked.svelte'

async function standing(rows: Row[]) {
  const double = go({ rows })
  const whole = new Unchecked()
  const read = () =>
    whole.read({
      total: double.rows.length,
      attention: double.rows.filter((r) => !['connected', 'not-checked'].includes(r.status)).length,
    })
  await read()
  return { double, whole, read }
}

const ending = (row: Row, i: number): Row => ({
  ...row,
  status: 'sign-in-again',
  signIns: [i % 2 ? 'Jo Whitmore' : 'Sam Okafor', 'Ada Quist'],
})

test('an unchecked organisation is found after all that need attention', async () => {
  const rows = organisations(300).map((row, i) => (i < 250 ? ending(row, i) : row))
  const last = rows[299]
  if (!last) throw new Error('no row')
  rows[299] = { ...last, status: 'not-checked', trouble: 'offline' }
  const { whole } = await standing(rows)
  expect(whole.row?.id).toBe(last.id)
})

test('a fully checked list has no unchecked organisation', async () => {
  const { whole } = await standing(organisations(200))
  expect(whole.row).toBeNull()
})

test('a failed reading leaves the row unchanged', async () => {
  const rows = organisations(8).map((row): Row => ({ ...row, status: 'not-checked' }))
  const { double, whole, read } = await standing(rows)
  double.refuse = { Organisations: { code: 'database-busy' } }
  await read()
  expect(whole.row).not.toBeNull()
})

test('an empty list has no unchecked organisation and sends no query', async () => {
  const { double, whole, read } = await standing(organisations(8).map(ending))
  double.rows = []
  double.calls = []
  await read()
  expect(whole.row).toBeNull()
  expect(double.calls).toEqual([])
})
