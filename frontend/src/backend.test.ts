import { afterEach, expect, test, vi } from 'vitest'
import * as backend from './backend'
import { go } from './test/go'

afterEach(() => vi.useRealTimers())

test('a failure from Go arrives with code and detail', async () => {
  go({ refuse: { Connect: { code: 'ports-taken', detail: '10742' } } })
  await expect(backend.connectToXero()).rejects.toEqual({ code: 'ports-taken', detail: '10742' })
})

test.each([
  ['words', new Error('something else')],
  ['an unknown code', new Error('{"code":"new-in-2030","detail":""}')],
  ['a code that every object has', new Error('{"code":"constructor"}')],
  ['half a JSON text', new Error('{"code":"off')],
  ['a text', 'plain'],
  ['nothing', undefined],
  ['null in JSON', new Error('null')],
])('%s is an unexpected failure', (_, reason) => {
  expect(backend.toFailure(reason)).toEqual({ code: 'unexpected', detail: '' })
})

test('a detail without text is left out', () => {
  const reason = new Error('{"code":"offline","detail":{"a":1}}')
  expect(backend.toFailure(reason)).toEqual({ code: 'offline', detail: '' })
})

test('a call that never settles fails after its time limit', async () => {
  vi.useFakeTimers()
  go()
  const never = vi.fn(() => new Promise(() => {}))
  Object.assign(window, { go: { main: { App: { CopyLink: never } } } })
  const call = expect(backend.copyLink()).rejects.toEqual({ code: 'unexpected', detail: '' })
  await vi.advanceTimersByTimeAsync(20_000)
  await call
})

test('connecting waits for a prompt of the password store', async () => {
  vi.useFakeTimers()
  go()
  let settle = () => {}
  const slow = () => new Promise<void>((resolve) => (settle = resolve))
  Object.assign(window, { go: { main: { App: { Connect: slow } } } })
  const call = expect(backend.connectToXero()).resolves.toBeUndefined()
  await vi.advanceTimersByTimeAsync(120_000)
  settle()
  await call
})

test('without Go every call fails with a Failure', async () => {
  Object.assign(window, { go: undefined })
  await expect(backend.overview()).rejects.toEqual({ code: 'unexpected', detail: '' })
})
