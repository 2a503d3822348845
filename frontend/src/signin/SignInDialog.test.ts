import { render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { tick } from 'svelte'
import { expect, test, vi } from 'vitest'
import * as backend from '../backend'
import { Messages } from '../shared/messages.svelte'
import { SignIn } from './signin.svelte'
import { called, go, settled, type Scenario } from '../test/go'
import SignInDialog from './SignInDialog.svelte'

const soon = () => new Date(Date.now() + 599_500).toISOString()

async function dialog(progress: Partial<backend.Progress>, scenario: Scenario = {}) {
  const double = go(scenario)
  const signIn = new SignIn(new Messages(), vi.fn(), vi.fn())
  const idle = {
    number: 0,
    phase: 'idle',
    deadline: '',
    browserFailed: false,
    expected: '',
    pending: 0,
    unsaved: 0,
    late: { number: 0 },
  }
  signIn.follow({ signIn: idle })
  const at = async (parts: Partial<backend.Progress>) => {
    signIn.follow({ signIn: { ...idle, number: 1, deadline: soon(), ...parts } })
    await tick()
  }
  await at(progress)
  const onaction = vi.fn()
  const overview = await backend.overview()
  render(SignInDialog, { signIn, overview, onaction })
  await tick()
  return { double, signIn, at, onaction, user: userEvent.setup() }
}

test('the three steps follow the sign-in', async () => {
  const { at } = await dialog({ phase: 'opening' })
  const steps = () => screen.getAllByRole('listitem').map((step) => step.className.split(' ')[0])
  expect(steps()).toEqual(['now', 'todo', 'todo'])
  await at({ phase: 'waiting' })
  expect(steps()).toEqual(['done', 'now', 'todo'])
  await at({ phase: 'reading' })
  expect(steps()).toEqual(['done', 'done', 'now'])
})

test('the steps name the expected person', async () => {
  await dialog({ phase: 'waiting', expected: 'Jo Whitmore' })
  expect(screen.getByText('Sign in as Jo Whitmore, allow access')).toBeTruthy()
})

test('the time left is shown', async () => {
  await dialog({ phase: 'waiting' })
  expect(screen.getByRole('timer').textContent).toBe('10:00 left')
})

test.each([
  ['Open again', 'OpenAgain'],
  ['Copy link', 'CopyLink'],
  ['More time', 'MoreTime'],
  ['Cancel', 'Cancel'],
  ['Paste the address it ended on', 'PasteAddress'],
])('%s does what it says', async (name, method) => {
  const { double, user } = await dialog({ phase: 'waiting' })
  await user.click(screen.getByRole('button', { name }))
  await settled()
  expect(called(double)).toEqual([method])
})

test('the dialog confirms a copied link in words', async () => {
  const { user } = await dialog({ phase: 'waiting' })
  await user.click(screen.getByRole('button', { name: 'Copy link' }))
  await settled()
  await tick()
  expect(screen.getByRole('status').textContent).toMatch(/on the clipboard/)
})

test('the dialog reports a wrong address and continues to wait', async () => {
  const refuse = { PasteAddress: { code: 'pasted-not-ours' } }
  const { user, signIn } = await dialog({ phase: 'waiting' }, { refuse })
  await user.click(screen.getByRole('button', { name: 'Paste the address it ended on' }))
  await settled()
  await tick()
  expect(screen.getByRole('alert').textContent).toMatch(/That address is not the one/)
  expect(signIn.waiting).toBe(true)
  expect(screen.getAllByRole('dialog')).toHaveLength(1)
})

test('a browser that did not open makes Copy link the primary button', async () => {
  await dialog({ phase: 'waiting', browserFailed: true })
  expect(screen.getByRole('heading').textContent).toMatch(/Open the link/)
  expect(screen.getByText('Your browser did not open')).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Copy link' }).className).toContain('primary')
})

test('What to check names the client ID and the addresses, and signs out at Xero', async () => {
  const { double, user } = await dialog({ phase: 'waiting' })
  await user.click(screen.getByText('What to check'))
  expect(screen.getByText(double.overview.clientID)).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Copy all 8 addresses' }))
  await user.click(screen.getByRole('button', { name: 'Sign out at Xero' }))
  await settled()
  expect(double.calls.slice(-2)).toEqual([['CopyRedirectAddresses'], ['OpenPage', 'xero-logout']])
})

test('the open dialog announces a prompt of the password store', async () => {
  await dialog({ phase: 'opening' }, { overview: { keychainWaiting: true } })
  expect(screen.getByRole('alert').textContent).toMatch(/password store/)
})

test('the last minute is announced', async () => {
  await dialog({ phase: 'waiting', deadline: new Date(Date.now() + 45_000).toISOString() })
  expect(screen.getByRole('status').textContent).toMatch(/One minute left/)
})

// Escape used to cancel the sign-in.
test('Escape does not cancel the waiting, and the dialog stays open', async () => {
  const { double, signIn } = await dialog({ phase: 'waiting' })
  const shown = screen.getByRole<HTMLDialogElement>('dialog')
  shown.dispatchEvent(new Event('cancel', { cancelable: true }))
  shown.close() // as a browser does after a second Escape
  await settled()
  await tick()
  expect(called(double)).toEqual([])
  expect(signIn.open).toBe(true)
  expect(shown.open).toBe(true)
})

test('Escape puts a failure away', async () => {
  const { signIn } = await dialog({ phase: 'failed', failed: { code: 'refused', detail: '' } })
  screen.getByRole('dialog').dispatchEvent(new Event('cancel', { cancelable: true }))
  await settled()
  expect(signIn.open).toBe(false)
})

test('Copy link, Open again, Cancel and the time left are shown all the while', async () => {
  const { at } = await dialog({ phase: 'waiting' })
  for (const browserFailed of [false, true]) {
    await at({ phase: 'waiting', browserFailed })
    for (const name of ['Copy link', 'Open again', 'Cancel']) {
      expect(screen.getByRole('button', { name })).toBeTruthy()
    }
    expect(screen.getByRole('timer')).toBeTruthy()
  }
})

// An opener that does nothing used to leave a window that waited without a word.
test('after ten seconds without an answer the window says: No browser? Copy the link.', async () => {
  vi.useFakeTimers()
  try {
    const { at } = await dialog({ phase: 'waiting' })
    const said = () => screen.getByRole('status').textContent
    vi.advanceTimersByTime(9_000)
    await tick()
    expect(said()).toBe('')
    vi.advanceTimersByTime(2_000)
    await tick()
    expect(said()).toBe('No browser? Copy the link.')
    await at({ phase: 'reading' })
    expect(said()).toBe('')
    await at({ phase: 'waiting', number: 2 })
    expect(said()).toBe('') // a new round has its own ten seconds
    await at({ phase: 'waiting', number: 2, browserFailed: true })
    vi.advanceTimersByTime(20_000)
    await tick()
    expect(said()).toBe('') // the heading says so already
  } finally {
    vi.useRealTimers()
  }
})

test('a failure after Xero had connected the client says that Bookring goes on', async () => {
  const failed = { code: 'xero-unavailable', detail: '' }
  const { at } = await dialog({ phase: 'failed', failed, pending: 1 })
  expect(screen.getByText(/^Xero has connected the client\. Bookring goes on/)).toBeTruthy()
  await at({ phase: 'failed', failed, pending: 0 })
  expect(screen.queryByText(/^Xero has connected the client/)).toBeNull()
})

test('a failure replaces the steps, with one action, its code and a button for support', async () => {
  const { double, at, onaction, signIn, user } = await dialog({ phase: 'waiting' })
  await at({ phase: 'failed', failed: { code: 'offline', detail: 'exchanging the code' } })
  expect(screen.getByRole('heading').textContent).toBe('Xero cannot be reached')
  expect(document.activeElement).toBe(screen.getByRole('heading'))
  expect(screen.getByText(/while Bookring exchanging the code/)).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Cancel' })).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(onaction).toHaveBeenCalledWith('connect')
  await user.click(screen.getByRole('button', { name: 'Write to support' }))
  expect(double.calls.at(-1)).toEqual(['MailSupport', 'offline'])
  await user.click(screen.getByRole('button', { name: 'Close' }))
  expect(signIn.open).toBe(false)
})

test('the dialog reports a mail program that does not open', async () => {
  const refuse = { MailSupport: { code: 'unexpected' } }
  const failed = { code: 'refused', detail: '' }
  const { user } = await dialog({ phase: 'failed', failed }, { refuse })
  await user.click(screen.getByRole('button', { name: 'Write to support' }))
  await settled()
  await tick()
  expect(screen.getByRole('alert').textContent).toMatch(/unexpected/)
})
