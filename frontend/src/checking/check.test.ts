import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Check as Progress } from '../backend'
import { Calls } from '../shared/calls'
import { Messages } from '../shared/messages.svelte'
import { called, go, settled, type Scenario } from '../test/go'
import { Check } from './check.svelte'

const still = { running: false, done: 0, total: 0 }
const idle = {
  ...still,
  details: still,
  triedAt: '',
  limitUntil: '',
  parts: [],
  slow: [],
  unread: 0,
}
const at = (done: number, total = 5) => ({ ...idle, running: true, done, total })
const reading = (done: number) => ({ ...idle, details: { running: true, done, total: 200 } })

/** A sentence said twice ends in a no-break space; said once, the text is equal. */
const found = 'Checked. Every organisation is connected.'
const stopped = 'Check stopped. What it found is shown.'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

function opened(scenario: Scenario = {}) {
  const double = go(scenario)
  const messages = new Messages()
  /** The next overview: undefined if Go does not answer. */
  const next: { check?: Progress } = {}
  const calls = new Calls(messages, () => {
    if (next.check) follow(next.check)
    return Promise.resolve(next.check !== undefined)
  })
  const check = new Check(calls)
  const follow = (progress: Progress) => check.follow({ check: progress, attention: 0, counts: [] })
  return { double, messages, next, check, follow }
}

test('the end of a check by the user is announced once', async () => {
  const { check, double, messages, follow } = opened()
  await check.start()
  follow(at(0))
  follow(at(1))
  expect(check.running).toBe(true)
  expect(messages.said).toBe('')
  follow(idle)
  follow(idle)
  expect(messages.said).toBe(found)
  expect(called(double)).toEqual(['CheckNow'])
})

test('a check started by Go ends in silence', () => {
  const { messages, follow } = opened()
  follow(at(0))
  follow(idle)
  expect(messages.said).toBe('')
})

test('a check with nothing due is not shown', () => {
  const { check, follow } = opened()
  follow(at(0, 0))
  expect(check.running).toBe(false)
  follow(idle)
})

test('a check that ended before the first overview is announced, too', async () => {
  const { check, messages, next } = opened()
  next.check = idle
  await check.start()
  await settled()
  expect(messages.said).toBe(found)
})

test('a stopped check is announced as stopped', async () => {
  const { check, double, messages, follow } = opened()
  follow(at(1))
  vi.advanceTimersByTime(2000)
  await check.stop()
  follow(idle)
  expect(called(double)).toEqual(['StopCheck'])
  expect(messages.said).toBe(stopped)
})

test('the result of a check comes after the details', async () => {
  const { check, messages, follow } = opened()
  await check.start()
  follow(at(0))
  follow(reading(0))
  expect(messages.said).toBe('')
  expect([check.running, check.reading]).toEqual([false, true])
  follow(idle)
  expect(check.reading).toBe(false)
  expect(messages.said).toBe(found)
})

const listed = [
  { status: 'connected', organisations: 61 },
  { status: 'no-access', organisations: 1 },
]

test('a check that asked 40 of 62 organisations says so', async () => {
  const { check, messages } = opened()
  await check.start()
  check.follow({ check: at(0), attention: 0, counts: listed })
  check.follow({ check: { ...idle, unread: 22 }, attention: 1, counts: listed })
  expect(messages.said).toBe(
    'Checked 40 of 62 organisations. Bookring asks for the rest later, by itself. 1 organisation needs attention.',
  )
})

test('a check that met a limit after 40 of 62 organisations says so', async () => {
  const { check, messages } = opened()
  await check.start()
  check.follow({ check: at(0), attention: 0, counts: listed })
  const limitUntil = new Date(Date.now() + 600_000).toISOString()
  check.follow({ check: { ...idle, unread: 22, limitUntil }, attention: 0, counts: listed })
  expect(messages.said).toMatch(
    /^Checked 40 of 62 organisations\. Xero allows no more requests until/,
  )
})

test('a check stopped after 40 of 62 organisations says so', async () => {
  const { check, messages } = opened()
  check.follow({ check: reading(40), attention: 0, counts: listed })
  vi.advanceTimersByTime(2000)
  await check.stop()
  check.follow({ check: { ...idle, unread: 22 }, attention: 0, counts: listed })
  expect(messages.said).toBe('Check stopped after 40 of 62 organisations. What it found is shown.')
})

test('a stopped reading of details is announced once stopped', async () => {
  const { check, double, messages, follow } = opened()
  follow(reading(40))
  vi.advanceTimersByTime(2000)
  await check.stop()
  follow(reading(41))
  expect(messages.said).toBe('')
  follow(idle)
  expect(called(double)).toEqual(['StopCheck'])
  expect(messages.said).toBe(stopped)
})

test('a double-click starts a check and does not stop the check', async () => {
  const { check, double, follow } = opened()
  await check.start()
  follow(at(0))
  vi.advanceTimersByTime(200)
  await check.stop()
  expect(called(double)).toEqual(['CheckNow'])
})

test('a check that cannot start reports the failure and announces no end', async () => {
  const { check, messages, follow } = opened({ refuse: { CheckNow: { code: 'database-busy' } } })
  await check.start()
  follow(at(0))
  follow(idle)
  expect(messages.notice).toMatchObject({ failure: { code: 'database-busy', detail: '' } })
  expect(messages.said).toBe('')
})

test('other data start without a check', () => {
  const { check, follow } = opened()
  follow(at(1))
  check.forget()
  expect(check.running).toBe(false)
})
