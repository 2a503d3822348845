import { expect, test, vi } from 'vitest'
import type { Connected, Progress } from '../backend'
import { called, go } from '../test/go'
import { Messages } from '../shared/messages.svelte'
import { SignIn } from './signin.svelte'

const idle: Progress = {
  number: 0,
  phase: 'idle',
  deadline: '',
  browserFailed: false,
  expected: '',
  pending: 0,
  unsaved: 0,
  late: { number: 0 },
}
const brought: Connected = {
  signIn: 'Sam',
  added: [],
  reconnected: [],
  removed: [],
  alreadyConnected: [],
  others: [],
  total: 1,
  clockMinutes: 0,
}

function opened() {
  const messages = new Messages()
  const connected = vi.fn()
  const late = vi.fn()
  const signIn = new SignIn(messages, connected, late)
  signIn.follow({ signIn: idle })
  const at = (phase: string, parts: Partial<Progress> = {}) =>
    signIn.follow({ signIn: { ...idle, number: 1, phase, ...parts } })
  return { signIn, messages, connected, late, at }
}

test('the dialog is open while Bookring waits for a user', () => {
  const { signIn, at } = opened()
  expect(signIn.open).toBe(false)
  for (const phase of ['opening', 'waiting', 'reading']) {
    at(phase)
    expect(signIn.open).toBe(true)
  }
  at('done', { connected: brought })
  expect(signIn.open).toBe(false)
})

test('the end of a round is reported once', () => {
  const { connected, at } = opened()
  at('waiting')
  at('done', { connected: brought })
  at('done', { connected: brought })
  expect(connected).toHaveBeenCalledExactlyOnceWith(brought, '')
})

test('an end from before the window opened is not reported', () => {
  const connected = vi.fn()
  const signIn = new SignIn(new Messages(), connected, vi.fn())
  signIn.follow({ signIn: { ...idle, number: 4, phase: 'done', connected: brought } })
  expect(connected).not.toHaveBeenCalled()
  signIn.follow({ signIn: { ...idle, number: 5, phase: 'done', connected: brought } })
  expect(connected).toHaveBeenCalledOnce()
})

test('the rounds of other data are counted from the start', () => {
  const { signIn, connected, at } = opened()
  at('done', { number: 3, connected: brought })
  signIn.forget()
  signIn.follow({ signIn: idle })
  at('done', { connected: brought })
  expect(connected).toHaveBeenCalledTimes(2)
})

test('a failure is shown until the user dismisses the failure', () => {
  const { signIn, at } = opened()
  at('failed', { failed: { code: 'offline', detail: '' } })
  expect(signIn.failure?.code).toBe('offline')
  signIn.dismiss()
  expect(signIn.open).toBe(false)
  at('failed', { number: 2, failed: { code: 'refused', detail: '' } })
  expect(signIn.failure?.code).toBe('refused')
})

test('a cancelled sign-in is only said', () => {
  const { signIn, messages, at } = opened()
  at('waiting')
  at('failed', { failed: { code: 'cancelled', detail: '' } })
  expect(signIn.open).toBe(false)
  expect(messages.said).toBe('Sign-in cancelled. Nothing was changed.')
  expect(messages.notice).toBeNull()
})

test.each([
  ['cancelled-waiting', /^Cancelled\. If you still allow access in the browser, Bookring will add/],
  ['cancelled-late', /^Xero had answered already\. Bookring goes on/],
])('after a cancel the window says what can still come: %s', (code, said) => {
  const { signIn, messages, at } = opened()
  at('waiting')
  at('failed', { failed: { code, detail: '' } })
  expect(signIn.open).toBe(false)
  expect(messages.said).toMatch(said)
})

test('a client allowed after the cancel is reported once, also beside another waiting round', () => {
  const { signIn, connected, late, at } = opened()
  at('failed', { failed: { code: 'cancelled-waiting', detail: '' } })
  const end = { number: 1, connected: brought }
  at('waiting', { number: 2, late: end })
  at('waiting', { number: 2, late: end })
  expect(late).toHaveBeenCalledExactlyOnceWith(brought)
  expect(connected).not.toHaveBeenCalled()
  expect(signIn.open).toBe(true)
})

test('a client read at last ends the failure that is still shown', () => {
  const { signIn, late, at } = opened()
  const failed = { code: 'xero-unavailable', detail: '' }
  at('failed', { failed, pending: 1 })
  expect(signIn.open).toBe(true)
  at('failed', { failed, late: { number: 1, connected: brought } })
  expect(late).toHaveBeenCalledOnce()
  expect(signIn.open).toBe(false)
})

// The dialog of the second round used to close.
test('a client allowed after the cancel does not end the failure of another round', () => {
  const { signIn, at } = opened()
  const failed = { code: 'xero-unavailable', detail: '' }
  at('failed', { number: 2, failed })
  at('failed', { number: 2, failed, late: { number: 1, connected: brought } })
  expect(signIn.open).toBe(true)
})

test('of two ends at the same moment the second is counted', () => {
  const { messages, late, at } = opened()
  at('idle', { number: 0, late: { number: 3, connected: brought } })
  expect(late).toHaveBeenCalledOnce()
  expect(messages.said).toMatch(/^2 other sign-ins have ended too/)
})

test('a failure after the cancel is a notice', () => {
  const { messages, at } = opened()
  const late = { number: 1, failed: { code: 'keychain-locked', detail: '' } }
  at('failed', { failed: { code: 'cancelled-waiting', detail: '' }, late })
  expect(messages.notice).toMatchObject({ kind: 'failure', failure: { code: 'keychain-locked' } })
})

test('late ends of other data are counted from the start', () => {
  const { late, at } = opened()
  at('idle', { number: 0, late: { number: 3, connected: brought } })
  at('idle', { number: 0, late: { number: 0 } })
  at('idle', { number: 0, late: { number: 1, connected: brought } })
  expect(late).toHaveBeenCalledTimes(2)
})

test('a sign-in that cannot start reports the failure', async () => {
  go({ refuse: { Connect: { code: 'no-client-id' } } })
  const { signIn, at } = opened()
  await signIn.connect()
  expect(signIn.failure?.code).toBe('no-client-id')
  at('waiting')
  expect(signIn.failure).toBeNull()
})

test('for this session only continues to Xero at once', async () => {
  const double = go()
  const { signIn } = opened()
  await signIn.take('session-only')
  expect(called(double)).toEqual(['UseThisSessionOnly', 'Connect'])
})

test('the dialog shows a failed button until the next press', async () => {
  const double = go({ refuse: { PasteAddress: { code: 'pasted-not-ours' } } })
  const { signIn, at } = opened()
  at('waiting')
  await signIn.paste()
  expect(signIn.problem?.code).toBe('pasted-not-ours')
  expect(signIn.failure).toBeNull()
  await signIn.copyLink()
  expect(signIn.problem).toBeNull()
  expect(signIn.message).toMatch(/clipboard/)
  at('reading')
  expect(signIn.message).toBe('')
  expect(called(double)).toEqual(['PasteAddress', 'CopyLink'])
})

test.each([
  ['openAgain', 'OpenAgain'],
  ['copyLink', 'CopyLink'],
  ['moreTime', 'MoreTime'],
  ['paste', 'PasteAddress'],
  ['cancel', 'Cancel'],
  ['copyRedirectAddresses', 'CopyRedirectAddresses'],
] as const)('%s asks Go for %s', async (press, method) => {
  const double = go()
  await opened().signIn[press]()
  expect(called(double)).toEqual([method])
})

test('Try again expects the same person', async () => {
  const double = go()
  const { signIn, at } = opened()
  await signIn.connect('jo')
  at('failed', { expected: 'Jo Whitmore', failed: { code: 'refused', detail: '' } })
  await signIn.take('connect')
  await signIn.sessionOnly()
  expect(double.calls).toEqual([
    ['SignInAgain', 'jo'],
    ['SignInAgain', 'jo'],
    ['UseThisSessionOnly'],
    ['SignInAgain', 'jo'],
  ])
})

test('a round started on the browser’s page expects no particular person', async () => {
  const double = go()
  const { signIn, at } = opened()
  await signIn.connect('jo')
  at('waiting', { number: 2 })
  at('failed', { number: 2, failed: { code: 'refused', detail: '' } })
  await signIn.take('connect')
  expect(called(double)).toEqual(['SignInAgain', 'Connect'])
})
