import { flushSync } from 'svelte'
import { afterEach, expect, test, vi } from 'vitest'
import { go, organisations as made, settled } from '../test/go'
import { freshFor, List } from './list.svelte'

afterEach(() => vi.useRealTimers())

async function opened(count: number) {
  const double = go({ rows: made(count) })
  const list = new List()
  await list.reload()
  const asked = () =>
    double.calls
      .filter(([name]) => name === 'Organisations')
      .map(([, query]) => query as { offset: number; limit: number; search: string })
  return { double, list, asked }
}

test('the list opens with the organisations that need attention', async () => {
  const { list } = await opened(200)
  expect(list.row(0)?.status).toBe('sign-in-again')
  expect(list.matching).toBe(200)
  expect(list.attention).toBe(12)
})

test('rows are fetched once each, block by block, as the table needs the rows', async () => {
  const { list, asked } = await opened(10_000)
  expect(list.row(4321)).toBeUndefined()
  await Promise.all([list.need(4310, 4340), list.need(4315, 4345)])
  expect(list.row(4321)?.name).toBeDefined()
  await list.need(4290, 4310)
  expect(asked().map((q) => q.offset)).toEqual([0, 4300, 4200])
  expect(asked().every((q) => q.limit === 100)).toBe(true)
})

test('an answer to an earlier search is dropped', async () => {
  const { double, list } = await opened(200)
  const app = window as unknown as { go: { main: { App: Record<string, unknown> } } }
  const real = app.go.main.App
  const answers: (() => void)[] = []
  app.go.main.App = {
    Organisations: (query: unknown) =>
      new Promise((resolve) => {
        answers.push(() => resolve((real.Organisations as (q: unknown) => unknown)(query)))
      }),
  }
  const first = list.ask({ search: 'Bakehouse' })
  const second = list.ask({ search: 'Vets' })
  answers[1]?.()
  await second
  answers[0]?.()
  await first
  expect(list.row(0)?.name).toMatch(/Vets/)
  expect(list.matching).toBe(20)
  expect(double.calls.length).toBeGreaterThan(2)
})

test('rows of an older revision are not mixed with newer ones', async () => {
  const { double, list } = await opened(1000)
  double.overview.revision = 2
  double.rows = double.rows.slice(0, 500)
  await list.need(300, 320)
  expect(list.matching).toBe(500)
  expect(list.row(0)).toBeUndefined()
  expect(list.row(310)).toBeDefined()
})

test('reloading fetches the visible rows', async () => {
  const { list, asked } = await opened(10_000)
  await list.need(5090, 5120)
  await list.reload()
  expect(asked().at(-1)).toMatchObject({ offset: 5000, limit: 200 })
})

test('a new organisation is found anywhere in the list', async () => {
  const { double, list } = await opened(10_000)
  const last = double.rows.reduce((a, b) => (a.name > b.name ? a : b))
  await list.show([last.id])
  expect(list.row(list.target?.index ?? -1)?.id).toBe(last.id)
  list.shown()
  expect(list.target).toBeNull()
})

test('a search that hides the new organisation is cleared', async () => {
  const { double, list } = await opened(200)
  await list.ask({ search: 'absent', attentionOnly: true })
  expect(list.matching).toBe(0)
  await list.show([double.rows[0]?.id ?? ''])
  expect(list.search).toBe('')
  expect(list.attentionOnly).toBe(false)
  expect(list.target).not.toBeNull()
})

test('a search that shows the new organisation stays', async () => {
  const { double, list } = await opened(200)
  await list.ask({ search: 'builders' })
  await list.show([double.rows[3]?.id ?? ''])
  expect(list.search).toBe('builders')
  expect(list.target).not.toBeNull()
})

test('a sign-in that carries no organisation is shown at the first row with its name', async () => {
  const { list } = await opened(200)
  await list.ask({ search: 'builders', attentionOnly: true })
  await list.showSignIn({ id: 'unknown', name: 'Jo Whitmore' })
  expect([list.search, list.attentionOnly, list.sort]).toEqual(['', false, 'sign-in'])
  expect(list.row(list.target?.index ?? -1)?.signIns).toContain('Jo Whitmore')
  list.shown()
  await list.showSignIn({ id: 'unknown', name: 'Unknown' })
  expect(list.target).toBeNull()
})

test('sorting by the same column twice reverses the order', async () => {
  const { list } = await opened(50)
  await list.orderBy('name')
  expect([list.sort, list.descending]).toEqual(['name', false])
  await list.orderBy('name')
  expect([list.sort, list.descending]).toEqual(['name', true])
  await list.orderBy('country')
  expect([list.sort, list.descending]).toEqual(['country', false])
})

test('a failure stays until rows arrive, and the fetched rows stay', async () => {
  const { double, list } = await opened(50)
  double.refuse = { Organisations: { code: 'database-busy' } }
  await list.reload()
  expect(list.failure?.code).toBe('database-busy')
  expect(list.row(0)).toBeDefined()
  double.refuse = {}
  await list.reload()
  expect(list.failure).toBeNull()
})

test('names shared by two organisations are known', async () => {
  const { double, list } = await opened(10)
  const [first] = double.rows
  if (!first) throw new Error('no rows')
  double.rows.push({ ...first, id: 'other' })
  await list.reload()
  await settled()
  flushSync()
  expect([...list.twins]).toEqual([first.name])
})

test('a connected organisation is new for a while, also if drawn again', async () => {
  vi.useFakeTimers()
  const { list } = await opened(12)
  const [first, second] = [list.row(0)?.id ?? '', list.row(1)?.id ?? '']
  await list.show([first])
  vi.advanceTimersByTime(freshFor - 1)
  await list.reload()
  expect([...list.fresh]).toEqual([first])
  await list.show([second])
  vi.advanceTimersByTime(1)
  expect([...list.fresh]).toEqual([second])
  vi.advanceTimersByTime(freshFor)
  expect(list.fresh.size).toBe(0)
})
