/** The results of a sign-in, in the whole window. */
import { screen } from '@testing-library/svelte'
import { expect, test } from 'vitest'
import type { Connected } from '../backend'
import { organisations, rest } from '../test/go'
import { button, opened } from '../test/window'

const status = () => screen.getAllByRole('status').map((region) => region.textContent)
const brought: Connected = {
  signIn: 'Sam Okafor',
  added: [],
  reconnected: [],
  removed: [],
  alreadyConnected: [],
  others: [],
  total: 1,
  clockMinutes: 0,
}

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

test('the window follows a round started on the browser’s page', async () => {
  const { double } = await opened({ rows: organisations(3) })
  double.change({}, { number: 7, phase: 'waiting', deadline: new Date().toISOString() })
  await rest()
  expect(screen.getByRole('heading', { name: 'Finish in your browser' })).toBeTruthy()
})

test('the notice about connected organisations can be dismissed', async () => {
  const { double, user } = await opened({ rows: organisations(3) })
  const known = [{ id: organisations(3)[1]?.id ?? '', name: 'Bright Fern', type: 'ORGANISATION' }]
  double.change(
    {},
    { number: 1, phase: 'done', connected: { ...brought, alreadyConnected: known, total: 3 } },
  )
  await rest()
  expect(screen.getByText('Bright Fern was connected already')).toBeTruthy()
  await user.click(button('Dismiss'))
  expect(screen.queryByText('Bright Fern was connected already')).toBeNull()
})

test('a sign-in by another user than expected names both users and offers another try', async () => {
  const { double, user } = await opened({ rows: organisations(12) })
  const jo = { signIn: 'jo', name: 'Jo Whitmore', asked: true, missed: true }
  const expected = { ...jo, reconnected: 0, unreached: 3 }
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

// The window used to be back at the first screen without a word.
test('a client that Xero has connected is being read: the window says so, and then announces the row', async () => {
  const { double, user } = await opened()
  const failed = { code: 'xero-unavailable', detail: '' }
  double.change({}, { number: 1, phase: 'failed', failed, pending: 1 })
  await rest()
  await user.click(button('Close'))
  expect(screen.getByText('Xero has connected a client. Bookring is reading it.')).toBeTruthy()
  double.rows = organisations(1)
  const added = double.rows.map(({ id, name }) => ({ id, name, type: 'ORGANISATION' }))
  const late = { number: 1, connected: { ...brought, added } }
  double.change({ revision: 2 }, { pending: 0, late })
  await rest()
  expect(screen.queryByText(/Bookring is reading it/)).toBeNull()
  expect(status()).toEqual(['Abernathy Builders is connected. 1 organisation is connected now.'])
})

// The window used to go to the list, and the focus with it.
test('a client allowed after the cancel is said where the user is', async () => {
  const { double, user } = await opened({ rows: organisations(3) })
  await user.click(button('Settings'))
  const field = screen.getByRole('textbox', { name: /client ID/i })
  field.focus()
  const added = [{ id: 'a', name: 'Birch', type: 'ORGANISATION' }]
  double.change(
    { revision: 2 },
    { late: { number: 1, connected: { ...brought, added, total: 4 } } },
  )
  await rest()
  expect(document.activeElement).toBe(field)
  expect(status()).toEqual(['Birch is connected. 4 organisations are connected now.'])
})

test('a client whose key the password store has not taken is not said to be read', async () => {
  await opened({ rows: organisations(3), signIn: { pending: 1, unsaved: 1 } })
  expect(screen.queryByText(/Bookring is reading it/)).toBeNull()
  expect(screen.getAllByText(/^Xero has connected a client, but the password store/)).toHaveLength(
    2,
  )
})

test('the demo ends a cancelled sign-in in the browser, and the window says so', async () => {
  const { double } = await opened()
  const deadline = new Date(Date.now() + 60_000).toISOString()
  const failed = { code: 'cancelled-waiting', detail: '' }
  double.change({}, { number: 1, phase: 'failed', deadline, failed })
  await rest()
  double.change({ demo: true, revision: 9 }, { number: 0, phase: 'idle' })
  await rest()
  expect(status()[0]).toMatch(/^Allowing access in the browser no longer reaches Bookring/)
})

test('clients in two sign-ins are being read', async () => {
  await opened({ rows: organisations(3), signIn: { pending: 2 } })
  const said = 'Xero has connected clients in 2 sign-ins. Bookring is reading them.'
  expect(screen.getAllByText(said)).toHaveLength(2) // the banner, and the status region
})

test('only the status region reports a cancelled sign-in', async () => {
  const { double } = await opened({ rows: organisations(3) })
  double.change({}, { number: 1, phase: 'failed', failed: { code: 'cancelled', detail: '' } })
  await rest()
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(status()).toEqual(['Sign-in cancelled. Nothing was changed.'])
})

test('a failure with the action Settings opens the settings', async () => {
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
