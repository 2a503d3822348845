import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { called, go, type Scenario } from '../test/go'
import { Check } from './check.svelte'

const still = { running: false, done: 0, total: 0 }
const idle = { ...still, details: still, triedAt: '', limitUntil: '' }
const at = (done: number, total = 5) => ({ ...idle, running: true, done, total })
const reading = (done: number) => ({ ...idle, details: { running: true, done, total: 200 } })

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

function opened(scenario: Scenario = {}) {
  const double = go(scenario)
  const ends = { ended: vi.fn(), failed: vi.fn() }
  return { double, ends, check: new Check(ends) }
}

test('a check that was asked for has its end told, once', async () => {
  const { check, double, ends } = opened()
  await check.start()
  check.follow(at(0))
  check.follow(at(1))
  expect(check.running).toBe(true)
  expect(ends.ended).not.toHaveBeenCalled()
  check.follow(idle)
  check.follow(idle)
  expect(ends.ended).toHaveBeenCalledExactlyOnceWith(false)
  expect(called(double)).toEqual(['CheckNow'])
})

test('one that went on by itself ends in silence', () => {
  const { check, ends } = opened()
  check.follow(at(0))
  check.follow(idle)
  expect(ends.ended).not.toHaveBeenCalled()
})

test('one in which nothing is due is not shown', () => {
  const { check } = opened()
  check.follow(at(0, 0))
  expect(check.running).toBe(false)
  check.follow(idle)
})

test('one that was over before the window saw it is told all the same', async () => {
  const { check, ends } = opened()
  await check.start()
  check.follow(idle)
  check.settle()
  expect(ends.ended).toHaveBeenCalledExactlyOnceWith(false)
})

test('stopping is told as stopping', async () => {
  const { check, double, ends } = opened()
  check.follow(at(1))
  vi.advanceTimersByTime(2000)
  await check.stop()
  check.follow(idle)
  expect(called(double)).toEqual(['StopCheck'])
  expect(ends.ended).toHaveBeenCalledExactlyOnceWith(true)
})

test('the details that come after a check are shown, and not waited for', async () => {
  const { check, ends } = opened()
  await check.start()
  check.follow(at(0))
  check.follow(reading(0))
  expect(ends.ended).toHaveBeenCalledExactlyOnceWith(false)
  expect([check.running, check.reading]).toEqual([false, true])
  check.follow(idle)
  expect(check.reading).toBe(false)
  expect(ends.ended).toHaveBeenCalledOnce()
})

test('stopping the reading of details is told when it has stopped', async () => {
  const { check, double, ends } = opened()
  check.follow(reading(40))
  vi.advanceTimersByTime(2000)
  await check.stop()
  check.follow(reading(41))
  expect(ends.ended).not.toHaveBeenCalled()
  check.follow(idle)
  expect(called(double)).toEqual(['StopCheck'])
  expect(ends.ended).toHaveBeenCalledExactlyOnceWith(true)
})

test('the second half of a double-click does not stop what the first began', async () => {
  const { check, double } = opened()
  await check.start()
  check.follow(at(0))
  vi.advanceTimersByTime(200)
  await check.stop()
  expect(called(double)).toEqual(['CheckNow'])
})

test('a check that cannot be begun says why, and tells no end', async () => {
  const { check, ends } = opened({ refuse: { CheckNow: { code: 'database-busy' } } })
  await check.start()
  check.follow(at(0))
  check.follow(idle)
  expect(ends.failed).toHaveBeenCalledExactlyOnceWith({ code: 'database-busy', detail: '' })
  expect(ends.ended).not.toHaveBeenCalled()
})

test('other data begin with no check', () => {
  const { check } = opened()
  check.follow(at(1))
  check.forget()
  expect(check.running).toBe(false)
})
