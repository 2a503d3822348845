import { render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import App from './App.svelte'
import type { Connected } from './backend'
import { called, go, organisations, rest, type Scenario } from './test/go'

async function opened(scenario: Scenario = {}) {
  const double = go(scenario)
  render(App)
  await rest()
  return { double, user: userEvent.setup() }
}

const button = (name: string | RegExp) => screen.getByRole('button', { name })
const status = () => screen.getAllByRole('status').map((region) => region.textContent)
const brought: Connected = {
  signIn: 'Sam Okafor',
  added: [],
  back: [],
  removed: [],
  known: [],
  others: [],
  total: 1,
  clockMinutes: 0,
}

test('the first run: one button, what is asked, and where access is kept', async () => {
  const { double, user } = await opened({ overview: { system: 'windows' } })
  expect(screen.getByText(/Windows Credential Manager/)).toBeTruthy()
  expect(screen.getByText('accounting.settings.read')).toBeTruthy()
  await user.click(button('Connect to Xero'))
  expect(called(double)).toEqual(['Connect'])
})

test('without a client ID there are two ways to start', async () => {
  const { double, user } = await opened({ overview: { clientID: '', clientIDFrom: '' } })
  expect(screen.queryByRole('button', { name: 'Connect to Xero' })).toBeNull()
  await user.click(button('Use our own Xero app'))
  await user.click(button('Copy all 8 addresses'))
  await user.click(button('Open the developer portal'))
  await user.type(screen.getByLabelText('Client ID'), '0'.repeat(32))
  await user.click(button('Save client ID'))
  await rest()
  expect(double.calls.filter(([name]) => name !== 'Overview' && name !== 'Organisations')).toEqual([
    ['CopyRedirectAddresses'],
    ['OpenPage', 'developer-portal'],
    ['SaveClientID', '0'.repeat(32)],
  ])
})

test('the demo can be tried and left, and is marked', async () => {
  const { double, user } = await opened({ overview: { clientID: '', clientIDFrom: '' } })
  await user.click(button('Try it with demo data'))
  double.change({ demo: true })
  await rest()
  expect(screen.getByText(/everything here is made up/)).toBeTruthy()
  expect(button('Connect to Xero')).toBeTruthy()
  await user.click(button('Leave the demo'))
  expect(called(double)).toEqual(['TryDemo', 'LeaveDemo'])
})

test('the first organisation: the list appears, its row has the focus, the status region says so', async () => {
  const { double } = await opened()
  double.change({}, { number: 1, phase: 'waiting', deadline: new Date().toISOString() })
  await rest()
  expect(screen.getByRole('dialog')).toBeTruthy()
  double.rows = organisations(1)
  const added = double.rows.map(({ id, name }) => ({ id, name, type: 'ORGANISATION' }))
  double.change({ revision: 2 }, { phase: 'done', connected: { ...brought, added } })
  await rest()
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(status()).toEqual(['Abernathy Builders is connected. 1 organisation is connected now.'])
  expect(document.activeElement?.textContent).toContain('Abernathy Builders')
  expect(button('Connect another organisation')).toBeTruthy()
})

test('a round begun on the browser’s page is followed as well', async () => {
  const { double } = await opened({ rows: organisations(3) })
  double.change({}, { number: 7, phase: 'waiting', deadline: new Date().toISOString() })
  await rest()
  expect(screen.getByRole('heading', { name: 'Finish in your browser' })).toBeTruthy()
})

test('the notice of what was connected can be put away', async () => {
  const { double, user } = await opened({ rows: organisations(3) })
  const known = [{ id: organisations(3)[1]?.id ?? '', name: 'Bright Fern', type: 'ORGANISATION' }]
  double.change({}, { number: 1, phase: 'done', connected: { ...brought, known, total: 3 } })
  await rest()
  expect(screen.getByText('Bright Fern was connected already')).toBeTruthy()
  await user.click(button('Dismiss'))
  expect(screen.queryByText('Bright Fern was connected already')).toBeNull()
})

test('somebody else than was asked for: both are named, and the other is asked for again', async () => {
  const { double, user } = await opened({ rows: organisations(12) })
  const jo = { signIn: 'jo', name: 'Jo Whitmore', asked: true, missed: true }
  const expected = { ...jo, carried: 0, waiting: 3 }
  double.change({}, { number: 1, phase: 'done', connected: { ...brought, expected } })
  await rest()
  expect(screen.getByText('Signed in as Sam Okafor, not as Jo Whitmore')).toBeTruthy()
  expect(status()[0]).toMatch(/^Signed in as Sam Okafor, not as Jo Whitmore\./)
  await user.click(button('Sign out at Xero'))
  expect(status()).toEqual(['Sign out in your browser, then sign in again here.'])
  await user.click(button('Sign in again as Jo Whitmore'))
  await rest()
  expect(double.calls.filter(([name]) => !/^O.*s$|^Overview$/.test(name))).toEqual([
    ['OpenPage', 'xero-logout'],
    ['SignInAgain', 'jo'],
  ])
  expect(screen.queryByText(/not as Jo Whitmore/)).toBeNull()
})

test('cancelling is only said in the status region', async () => {
  const { double } = await opened({ rows: organisations(3) })
  double.change({}, { number: 1, phase: 'failed', failed: { code: 'cancelled', detail: '' } })
  await rest()
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(status()).toEqual(['Sign-in cancelled. Nothing was changed.'])
})

test('a failure that wants settings leads there', async () => {
  const { double, user } = await opened({ rows: organisations(3) })
  double.change(
    {},
    { number: 1, phase: 'failed', failed: { code: 'client-id-refused', detail: '' } },
  )
  await rest()
  await user.click(button('Open Settings'))
  await rest()
  expect(screen.getByRole('heading', { name: 'Settings' })).toBe(document.activeElement)
  await user.keyboard('{Escape}')
  expect(screen.getByRole('table', { name: 'Organisations' })).toBeTruthy()
})

test('settings that an administrator made can only be read', async () => {
  const { user } = await opened({ overview: { clientIDFrom: 'environment' } })
  await user.click(button('Settings'))
  expect(screen.queryByLabelText('Client ID')).toBeNull()
  expect(screen.getByText(/BOOKRING_CLIENT_ID/)).toBeTruthy()
  await user.click(button('Back'))
  expect(button('Connect to Xero')).toBeTruthy()
})

test('addresses that were copied are seen and heard to be copied', async () => {
  const { double, user } = await opened({ rows: organisations(3) })
  await user.click(button('Settings'))
  await user.click(button('Copy all 8 addresses'))
  await rest()
  expect(called(double)).toEqual(['CopyRedirectAddresses'])
  expect(screen.getByText('The redirect addresses are on the clipboard')).toBeTruthy()
  expect(status()).toEqual([
    'The redirect addresses are on the clipboard. Your Xero app must list all of them.',
  ])
  double.refuse = { CopyRedirectAddresses: { code: 'clipboard' } }
  await user.click(button('Copy all 8 addresses'))
  await rest()
  expect(screen.queryByText('The redirect addresses are on the clipboard')).toBeNull()
  expect(screen.getByRole('alert')).toBeTruthy()
})

test('the slash leads to the search, Escape clears it', async () => {
  const { user } = await opened({ rows: organisations(200) })
  await user.keyboard('/vets')
  await rest()
  const field = screen.getByRole<HTMLInputElement>('searchbox', { name: 'Search organisations' })
  expect(document.activeElement).toBe(field)
  expect(status()).toEqual(['20 organisations found.'])
  await user.type(field, ' nobody')
  await rest()
  expect(screen.getByRole('heading', { name: /No organisation matches/ })).toBeTruthy()
  await user.type(field, '{Escape}')
  await rest()
  expect(field.value).toBe('')
  expect(screen.getByRole('table')).toBeTruthy()
})

test('the filter shows what needs attention, with its count', async () => {
  const { user } = await opened({ rows: organisations(200) })
  await user.click(button(/^Needs attention 12/))
  await rest()
  expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe('13')
})

test('a program that cannot work says why, and nothing else', async () => {
  const broken = { code: 'database-newer', detail: '' }
  const { double, user } = await opened({ overview: { broken } })
  expect(screen.getByRole('heading', { name: /newer Bookring/ })).toBeTruthy()
  await user.click(button('Quit Bookring'))
  expect(called(double)).toEqual(['Quit'])
})

test('a program that does not answer says so', async () => {
  await opened({ refuse: { Overview: { code: 'unexpected' } } })
  expect(screen.getByRole('heading', { name: 'Something unexpected happened' })).toBeTruthy()
})

test('a list that cannot be read says so, and can be tried again', async () => {
  const refuse = { Organisations: { code: 'database-busy' } }
  const { double, user } = await opened({ rows: organisations(3), refuse })
  expect(screen.getByRole('alert').textContent).toMatch(/in use/)
  double.refuse = {}
  await user.click(button('Try again'))
  await rest()
  expect(screen.queryByRole('alert')).toBeNull()
  expect(screen.getAllByRole('row')).toHaveLength(4)
})

test('a screen that goes gives the focus to the next one’s heading', async () => {
  const { double, user } = await opened({ overview: { clientID: '', clientIDFrom: '' } })
  await user.click(button('Try it with demo data'))
  double.change({ demo: true })
  await rest()
  expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1 }))
  await user.click(button('Settings'))
  await rest()
  expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'Settings' }))
})

test('the standing banners stand', async () => {
  await opened({ overview: { testServer: 'http://localhost:8081', sessionOnly: true } })
  expect(screen.getByText(/localhost:8081, not to Xero/)).toBeTruthy()
  expect(screen.getByText(/For this session only/)).toBeTruthy()
})
