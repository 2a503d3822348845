import { render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import App from '../App.svelte'
import { called, go, organisations, rest, type Scenario } from '../test/go'
import { button } from '../test/window'

const none = { phase: '', done: 0, total: 0, stillConnected: [], undeleted: [], receipt: null }
const files = { backups: 2, damaged: 0, logs: 1, others: 0, shared: true }
const plan = {
  nothing: false,
  credentials: 2,
  organisations: 3,
  connections: 3,
  throughEnded: 0,
  files,
}
const receipt = {
  at: '2026-11-22T09:30:00Z',
  disconnectAsked: true,
  disconnected: 3,
  stillConnected: [],
  credentials: 2,
  undeleted: [],
  organisations: 3,
  files,
  leftovers: [],
}

async function planned(scenario: Scenario = {}) {
  const double = go({ rows: organisations(3), ...scenario })
  Object.assign(double, { plan })
  render(App)
  await rest()
  const user = userEvent.setup()
  await user.click(button('Settings'))
  await user.click(button('Remove everything from this computer…'))
  await rest()
  /** removal sends a new state of the removal from Go. */
  const removal = async (parts: object) => {
    double.change({ removal: { ...none, ...parts } } as never)
    await rest()
  }
  return { double, user, removal }
}

test('the plan opens with the focus on Cancel, and Cancel leads back', async () => {
  const { double, user } = await planned()
  expect(screen.getByText(/^2 keys to Xero/)).toBeTruthy()
  expect(document.activeElement).toBe(button('Cancel'))
  await user.keyboard('{Enter}')
  expect(screen.getByRole('heading', { name: 'Settings' })).toBeTruthy()
  expect(called(double)).toEqual(['PlanRemoval'])
})

test('a removal disconnects at Xero first, unless the user chooses otherwise', async () => {
  const { double, user } = await planned()
  await user.click(button('Remove everything'))
  await user.click(screen.getByLabelText(/Leave Xero as it is/))
  await user.click(button('Remove everything'))
  expect(double.calls.filter(([name]) => name === 'Remove')).toEqual([
    ['Remove', '', true, false],
    ['Remove', '', false, false],
  ])
})

test('disconnecting at Xero can be cancelled, and the cancellation is announced', async () => {
  const { double, user, removal } = await planned()
  await removal({ phase: 'disconnecting', done: 1, total: 3 })
  expect(screen.getByText('1 of 3 connections')).toBeTruthy()
  expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1 }))
  await user.click(button('Cancel'))
  await removal({})
  expect(called(double)).toEqual(['PlanRemoval', 'CancelRemoval', 'PlanRemoval'])
  const said = screen.getAllByRole('status').map((region) => region.textContent)
  expect(said.join()).toMatch(/Nothing was removed from this computer/)
})

test('a key that the password store does not delete leaves three choices', async () => {
  const { double, user, removal } = await planned()
  await removal({
    phase: 'stopped',
    undeleted: [{ person: 'Jo Whitmore', code: 'keychain-locked' }],
  })
  expect(screen.getByText(/The key of Jo Whitmore/)).toBeTruthy()
  await user.click(button('Try again'))
  await user.click(button('Remove the rest'))
  await user.click(button('Keep the rest'))
  await rest()
  expect(double.calls.filter(([name]) => /Remove|Keep/.test(name))).toEqual([
    ['Remove', 'stopped', true, false],
    ['Remove', 'stopped', true, true],
    ['KeepRest'],
  ])
})

test('Keep the rest that came too late keeps the screen of the removal and says why', async () => {
  const { double, user, removal } = await planned({
    refuse: { KeepRest: { code: 'removal-under-way' } },
  })
  await removal({ phase: 'stopped', undeleted: [{ person: '', code: 'keychain-locked' }] })
  await user.click(button('Keep the rest'))
  await rest()
  expect(screen.getByRole('alert').textContent).toMatch(/removing everything/)
  expect(screen.getByRole('heading', { name: 'Some keys could not be removed' })).toBeTruthy()
  expect(called(double).at(-1)).toBe('KeepRest')
})

test('Do not remove that came too late keeps the screen of the removal', async () => {
  const { user, removal } = await planned({
    refuse: { CancelRemoval: { code: 'removal-under-way' } },
  })
  await removal({ phase: 'undecided' })
  await user.click(button('Do not remove'))
  await removal({ phase: 'deleting' })
  expect(screen.getByRole('heading', { name: 'Removing…' })).toBeTruthy()
  expect(screen.getByRole('alert').textContent).toMatch(/removing everything/)
})

test('two keys without a name are two lines', async () => {
  const { removal } = await planned()
  const unknown = { person: '', code: 'keychain-locked' }
  await removal({ phase: 'stopped', undeleted: [unknown, unknown] })
  expect(screen.getAllByText(/Keys whose names/)).toHaveLength(2)
})

test('a failed disconnect at Xero removes nothing and leaves three choices', async () => {
  const { double, user, removal } = await planned()
  const stillConnected = [
    { person: 'Jo Whitmore', organisations: ['Acme', 'Bee'], code: 'xero-unavailable' },
  ]
  await removal({ phase: 'undecided', stillConnected })
  expect(screen.getByRole('heading', { name: 'Xero could not be told' })).toBeTruthy()
  screen.getByText('Acme and Bee, through Jo Whitmore: Xero was not available')
  await user.click(button('Try again'))
  await user.click(button('Remove anyway'))
  await user.click(button('Do not remove'))
  await rest()
  expect(double.calls.filter(([name]) => /^(Remove|CancelRemoval)$/.test(name))).toEqual([
    ['Remove', 'undecided', true, false],
    ['Remove', 'undecided', false, false],
    ['CancelRemoval'],
  ])
  await removal({})
  expect(screen.getByRole('heading', { name: 'Settings' })).toBeTruthy()
})

test('the receipt can be copied, and closing the program is the only other button', async () => {
  const { double, user, removal } = await planned()
  await removal({ phase: 'done', receipt })
  expect(screen.getByRole('heading', { name: 'Everything is removed' })).toBeTruthy()
  await user.click(button('Copy receipt'))
  await user.click(button('Close Bookring'))
  const [, copied] = double.calls.find(([name]) => name === 'ClipboardSetText') ?? []
  expect(copied).toMatch(/^Bookring: everything is removed/)
  expect(called(double).at(-1)).toBe('Quit')
  expect(screen.queryByRole('table')).toBeNull()
  expect(screen.queryByRole('navigation')).toBeNull()
})

test('a failed plan leads back to the settings with the failure', async () => {
  await planned({ refuse: { PlanRemoval: { code: 'database-busy' } } })
  expect(screen.getByRole('alert').textContent).toMatch(/in use/)
  expect(screen.getByRole('heading', { name: 'Settings' })).toBeTruthy()
})

test('the demo has nothing to remove', async () => {
  go({ overview: { demo: true } })
  render(App)
  await rest()
  await userEvent.setup().click(button('Settings'))
  expect(screen.getByText(/The demo keeps nothing/)).toBeTruthy()
  expect(screen.queryByRole('button', { name: /Remove everything/ })).toBeNull()
})

test('a removal that waits for a limit of Xero’s says so', async () => {
  const { double, user } = await planned()
  await user.click(button('Remove everything'))
  const limitUntil = new Date(Date.now() + 60_000).toISOString()
  double.change({
    removal: { ...none, phase: 'disconnecting', done: 1, total: 3 },
    check: { limitUntil },
  } as never)
  await rest()
  expect(screen.getByText(/^Xero allows no more requests until/)).toBeTruthy()
})
