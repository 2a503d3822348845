/** Checking, in the whole window. */
import { cleanup, screen } from '@testing-library/svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Connected, Row } from '../backend'
import { called, type Double, organisations, rest } from '../test/go'
import { button, opened } from '../test/window'

const now = new Date(2026, 10, 22, 14, 2).getTime()
const minute = 60_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now })
})
afterEach(() => vi.useRealTimers())

const status = () => screen.getByRole('status').textContent
const running = (done: number) => ({ check: { running: true, done, total: 5 } })
const ended = { check: { running: false, done: 0, total: 0 } }

/** Ten of twelve organisations were last checked 5 hours and 20 minutes ago. */
function unchecked(trouble: string): Row[] {
  return organisations(12, now).map((row, i) => ({
    ...row,
    status: i < 10 ? 'not-checked' : 'connected',
    trouble: i < 10 ? trouble : '',
    shared: i < 10 && trouble === 'offline',
    lastChecked: new Date(now - (i < 10 ? 320 * minute : 0)).toISOString(),
  }))
}
const connected = (): Row[] =>
  organisations(4, now).map((row) => ({ ...row, status: 'connected', lastChecked: iso(now) }))
const iso = (at: number) => new Date(at).toISOString()

test('a press starts a check, words count its progress, and its end is announced', async () => {
  const { double, user } = await opened({ rows: connected() })
  await user.click(button('Check now'))
  expect(called(double)).toEqual(['CheckNow'])
  double.change(running(1))
  await rest()
  expect(screen.getByText('Checking 2 of 5 sign-ins')).toBeTruthy()
  // A single button for start and stop keeps the focus.
  expect(document.activeElement).toBe(button('Stop'))
  expect(screen.queryByRole('button', { name: 'Check now' })).toBeNull()
  double.change(ended)
  await rest()
  expect(status()).toBe('Checked. Every organisation is connected.')
  expect(document.activeElement).toBe(button('Check now'))
})

test('a check can be stopped', async () => {
  const { double, user } = await opened({ rows: connected(), overview: running(0) })
  vi.setSystemTime(now + 3000)
  await user.click(button('Stop'))
  double.change(ended)
  await rest()
  expect(called(double)).toEqual(['StopCheck'])
  expect(status()).toBe('Check stopped. What it found is shown.')
})

test('words count the details after a check, and the reading can be stopped', async () => {
  const { double, user } = await opened({ rows: connected() })
  double.change({ check: { details: { running: true, done: 39, total: 200 } } })
  await rest()
  expect(screen.getByText('Reading details 40 of 200')).toBeTruthy()
  vi.setSystemTime(now + 3000)
  await user.click(button('Stop'))
  double.change(ended)
  await rest()
  expect(called(double)).toEqual(['StopCheck'])
  expect(status()).toBe('Check stopped. What it found is shown.')
})

test('a limit at Xero is shown with its end', async () => {
  const limitUntil = new Date(2026, 10, 22, 18, 40).toISOString()
  const { double, user } = await opened({ rows: connected(), overview: { check: { limitUntil } } })
  expect(screen.getByText(/^Xero allows no more requests until today .*:40/)).toBeTruthy()
  await user.click(button('Check now'))
  await rest()
  expect(status()).toMatch(/^Xero allows no more requests until today/)
  double.rows = unchecked('xero-rate-limit')
  double.change({ revision: 2, check: { limitUntil, triedAt: new Date(now).toISOString() } })
  await rest()
  expect(
    screen.getByText(/^Xero allowed no more requests at .*, and allows them again today/),
  ).toBeTruthy()
  expect(screen.queryAllByText(/^Xero allows no more requests/)).toEqual([
    screen.getByRole('status'),
  ])
})

test('a limit for one organisation is shown in its row', async () => {
  const detailsFrom = new Date(2026, 10, 23, 6, 10).toISOString()
  await opened({ rows: connected().map((row, i) => (i === 0 ? { ...row, detailsFrom } : row)) })
  expect(screen.getAllByText(/^Details after tomorrow 0?6:10/)).toHaveLength(1)
})

test('a check started by Go is silent', async () => {
  const { double } = await opened({ rows: connected() })
  double.change(running(2))
  await rest()
  double.change({ ...ended, revision: 2 })
  await rest()
  expect(status()).toBe('')
})

test('a check that cannot start reports the failure', async () => {
  const refuse = { CheckNow: { code: 'database-busy' } }
  const { user } = await opened({ rows: connected(), refuse })
  await user.click(button('Check now'))
  await rest()
  expect(screen.getByRole('alert').textContent).toMatch(/in use/)
})

test('offline is a single calm line and never a sign-in', async () => {
  const { double } = await opened({ rows: connected(), overview: running(0) })
  double.rows = unchecked('offline')
  const triedAt = new Date(now).toISOString()
  double.change({ check: { ...ended.check, triedAt }, revision: 2 })
  await rest()
  const line = screen.getByText(/^Xero could not be reached at/).textContent
  expect(line).toMatch(
    /at 0?[12]:02.*Some organisations were not checked and are as at 0?8:42.*nothing is lost\.$/,
  )
  expect(screen.queryByText(/sign in again/i)).toBeNull()
  expect(screen.queryByText(/need attention/)).toBeNull()
  expect(screen.getByText(/^Checked today/)).toBeTruthy()
})

test('without a checked organisation the whole list is as at the last check', async () => {
  await opened({ rows: unchecked('offline').slice(0, 10) })
  screen.getByText(/What you see is as at 0?8:42.*nothing is lost\.$/)
})

/** signedIn ends a sign-in with a new organisation. */
async function signedIn(double: Double, parts: Partial<Connected> = {}) {
  const none = {
    added: [],
    reconnected: [],
    alreadyConnected: [],
    removed: [],
    others: [],
    clockMinutes: 0,
  }
  const added = [{ id: '0', name: 'Harbour Vets', type: 'ORGANISATION' }]
  const brought = { ...none, signIn: 'Sam Okafor', added, total: 4, ...parts }
  double.change({}, { number: 1, phase: 'done', connected: brought })
  await rest()
}
const shown = (notice: string | RegExp) => screen.queryByText(notice, { selector: '.title' })

test('the notice about connected organisations stays until a check finds otherwise', async () => {
  const { double } = await opened({ rows: connected() })
  await signedIn(double)
  double.change(running(1))
  double.change({ ...ended, revision: 2 })
  await rest()
  expect(shown('Harbour Vets is connected')).toBeTruthy() // and still true
  double.change(running(1))
  double.rows = unchecked('offline')
  double.change({ ...ended, revision: 3 })
  await rest()
  expect(screen.getAllByText('Not checked').length).toBeGreaterThan(0)
  expect(shown('Harbour Vets is connected')).toBeNull()
})

test('a check that could not reach Xero does not end a warning', async () => {
  const { double, user } = await opened({ rows: connected() })
  const mia = { signIn: 'mia', name: 'Mia Chen', asked: true, missed: true }
  await signedIn(double, { expected: { ...mia, reconnected: 0, unreached: 2 } })
  double.rows = unchecked('offline')
  double.change({ ...ended, revision: 2 })
  await rest()
  expect(shown('Signed in as Sam Okafor, not as Mia Chen')).toBeTruthy()
  await user.click(screen.getAllByRole('button', { name: 'Check now' })[0] as HTMLElement)
  await rest()
  expect(shown('Signed in as Sam Okafor, not as Mia Chen')).toBeTruthy()
})

test('a warning about waiting work ends once Xero has answered', async () => {
  const { user } = await opened({
    rows: connected(),
    answers: {
      PlanDisconnect: {
        signIn: '',
        forget: false,
        count: 1,
        staying: 0,
        organisations: [{ id: '0', name: 'Harbour Vets', through: ['Jo'], ended: [], staying: [] }],
      },
      Disconnect: {
        count: 1,
        pending: 1,
        stillConnected: 0,
        staying: 0,
        revokePending: false,
        failed: { code: 'offline', detail: '' },
      },
    },
  })
  await user.click(screen.getAllByRole('checkbox', { name: /^Select / })[0] as HTMLElement)
  await user.click(button('Disconnect…'))
  await rest()
  await user.click(button('Disconnect 1 organisation'))
  await rest()
  expect(shown('1 organisation waits until Xero can be told')).toBeTruthy()
  await user.click(button('Check now'))
  await rest()
  expect(shown('1 organisation waits until Xero can be told')).toBeNull()
  expect(status()).toBe('Checked. Every organisation is connected.')
})

test('a check by the user ends earlier results', async () => {
  const { double, user } = await opened({ rows: connected() })
  await signedIn(double)
  await user.click(button('Check now'))
  await rest()
  expect(shown('Harbour Vets is connected')).toBeNull()
  expect(called(double)).toEqual(['CheckNow'])
})

test('trouble of a single sign-in is shown as trouble of some organisations', async () => {
  await opened({ rows: unchecked('xero-rate-limit') })
  expect(screen.getByText(/^Xero allowed no more requests\. Some organisations/)).toBeTruthy()
})

test('an unchecked organisation is checked from its row', async () => {
  const { double, user } = await opened({ rows: unchecked('offline').slice(0, 1) })
  const [inHeader, inRow] = screen.getAllByRole('button', { name: 'Check now' })
  expect(inHeader?.closest('tr')).toBeNull()
  await user.click(inRow as HTMLElement)
  expect(called(double)).toEqual(['CheckNow'])
})

test('the organisations that need attention are counted, with the ended sign-in', async () => {
  const rows = organisations(12, now)
  const { double, user } = await opened({ rows })
  expect(screen.getByRole('heading', { name: '2 need attention.' })).toBeTruthy()
  expect(
    screen.getByText(
      'Jo Whitmore’s sign-in has ended: signing in again repairs 1 organisation. Nothing on this computer was lost.',
    ),
  ).toBeTruthy()
  expect(screen.getByText('1 more needs attention for another reason.')).toBeTruthy()
  await user.click(button('Sign in again as Jo Whitmore'))
  await user.click(button('As Jo Whitmore'))
  expect(double.calls.filter(([name]) => name === 'SignInAgain')).toEqual([
    ['SignInAgain', 'jo'],
    ['SignInAgain', 'jo'],
  ])
})

test('the banner shows the organisations with other needs from every state of the list', async () => {
  const { user } = await opened({ rows: organisations(200, now) })
  await user.click(button('Organisation'))
  await rest()
  await user.click(button('Show them'))
  await rest()
  expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe('13')
  expect(document.activeElement?.textContent).toContain('Removed in Xero')
})

test('nothing needs attention is not the same as everything is connected', async () => {
  const { user } = await opened({ rows: unchecked('offline') })
  await user.click(button(/^Needs attention/))
  await rest()
  expect(screen.getByText('But some organisations could not be checked.')).toBeTruthy()
})

test('a window that comes forward tells Go', async () => {
  const { double } = await opened({ rows: connected() })
  document.dispatchEvent(new Event('visibilitychange'))
  window.dispatchEvent(new Event('focus'))
  expect(called(double)).toEqual(['CameForward', 'CameForward'])
})

test('an unsaved renewal has a permanent banner', async () => {
  await opened({ rows: connected(), overview: { unsaved: true } })
  expect(screen.getByRole('alert').textContent).toMatch(/Please do not close Bookring/)
})

test('waiting for the password store is said exactly while it lasts, on every screen', async () => {
  for (const rows of [connected(), []]) {
    const { double } = await opened({ rows })
    expect(screen.queryByText(/waits for this computer’s password store/)).toBeNull()
    double.change({ keychainWaiting: true }) // no check runs: the program's start, or a sign-in
    await rest()
    expect(screen.getAllByText(/waits for this computer’s password store/)).toHaveLength(2)
    expect(status()).toMatch(/password store/)
    double.change({ keychainWaiting: false })
    await rest()
    expect(screen.queryByText(/waits for this computer’s password store/)).toBeNull()
    expect(status()).toBe('')
    cleanup()
  }
})

test('a sign-in whose answer Xero keeps waiting is named while it waits', async () => {
  const { double } = await opened({ rows: connected(), overview: running(1) })
  double.change({ check: { slow: ['Jo Whitmore'] } })
  await rest()
  expect(
    screen.getAllByText(/keeps the answer for the sign-in of Jo Whitmore waiting/),
  ).toHaveLength(2)
  double.change({ check: { slow: [] } })
  await rest()
  expect(screen.queryByText(/keeps the answer/)).toBeNull()
})

test('the part of Xero’s list that was not understood is said', async () => {
  const parts = [{ signIn: 'Jo Whitmore', entries: 301, odd: 1, cut: false }]
  await opened({ rows: connected(), overview: { check: { parts } } })
  screen.getByText(/^1 of 301 entries of Xero’s list for Jo Whitmore was not understood\./)
})

test('a fault in the background work has a banner until it is dismissed or comes back', async () => {
  const { double, user } = await opened({ rows: connected(), overview: { faults: 1 } })
  const fault = /fault in Bookring stopped part of its work/
  screen.getByText(fault)
  await user.click(button('Dismiss'))
  expect(screen.queryByText(fault)).toBeNull()
  double.change({ faults: 2 })
  await rest()
  screen.getByText(fault)
})
