/** The repair plan, in the whole window. */
import { render, screen, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import App from '../App.svelte'
import type { Connected, Row } from '../backend'
import { go, organisations, rest } from '../test/go'
import { button } from '../test/window'

const people = ['Mia Chen', 'Ben Ito', 'Cleo Roux']
const id = (name: string) => name.split(' ')[0]?.toLowerCase() ?? ''

/** Of twelve organisations six wait for Mia, three for Ben, one for Cleo; one is removed. */
function broken(): Row[] {
  return organisations(12).map((row, i) => {
    const name = people[i < 6 ? 0 : i < 9 ? 1 : 2] ?? ''
    const status = i < 10 ? 'sign-in-again' : i === 10 ? 'removed' : 'connected'
    return { ...row, status, signIns: [name], firstSignIn: id(name), ending: 'refused' }
  })
}

const brought: Connected = {
  signIn: 'Mia Chen',
  added: [{ id: 'dunes', name: 'Dunes', type: 'ORGANISATION' }],
  reconnected: [],
  removed: [],
  alreadyConnected: [],
  others: [],
  total: 1,
  clockMinutes: 0,
}

async function opened(rows: Row[]) {
  const double = go({ rows })
  render(App)
  await rest()
  /** back ends a sign-in by a user: the organisations waiting for the user are connected. */
  const back = async (name: string, number: number, parts: Partial<Connected> = {}) => {
    const theirs = (row: Row) => row.firstSignIn === id(name) && row.status === 'sign-in-again'
    const names = double.rows.filter(theirs).map((row) => ({ ...row, type: 'ORGANISATION' }))
    const none = {
      added: [],
      removed: [],
      alreadyConnected: [],
      others: [],
      clockMinutes: 0,
      total: 1,
    }
    const connected = { ...none, signIn: name, reconnected: names, ...parts }
    if (!parts.expected) {
      double.rows = double.rows.map((row) => (theirs(row) ? { ...row, status: 'connected' } : row))
    }
    double.change({}, { number, phase: 'waiting', expected: name })
    await rest()
    double.change({ revision: number + 1 }, { phase: 'done', connected })
    await rest()
  }
  return { double, back, user: userEvent.setup() }
}

const plan = () =>
  within(screen.getByRole('region', { name: /repair/ }))
    .queryAllByRole('listitem')
    .map((item) => item.querySelector('.who')?.textContent?.replace(/\s+/g, ' ').trim())

test('several ended sign-ins are a plan, and other attention is counted apart', async () => {
  await opened(broken())
  expect(screen.getByRole('heading', { name: '3 sign-ins repair 10 organisations.' })).toBeTruthy()
  expect(plan()).toEqual([
    'Mia Chen repairs 6 organisations',
    'Ben Ito repairs 3 organisations',
    'Cleo Roux repairs 1 organisation',
  ])
  expect(screen.getByText('1 more needs attention for another reason.')).toBeTruthy()
})

test('a finished step leaves the plan, and the focus moves to the next step', async () => {
  const { double, back, user } = await opened(broken())
  await user.click(button('Sign in again as Mia Chen'))
  expect(double.calls).toContainEqual(['SignInAgain', 'mia'])
  await back('Mia Chen', 1)
  expect(screen.getByRole('heading', { name: '2 sign-ins repair 4 organisations.' })).toBeTruthy()
  expect(document.activeElement).toBe(button('Sign in again as Ben Ito'))
  expect(screen.getByRole('status').textContent).toMatch(/^6 organisations connected\./)
  await user.keyboard('{Enter}')
  await back('Ben Ito', 2)
  expect(screen.getByRole('heading', { name: '2 need attention.' })).toBeTruthy()
  expect(document.activeElement).toBe(button('Sign in again as Cleo Roux'))
  await user.keyboard('{Enter}')
  await back('Cleo Roux', 3)
  expect(screen.queryByText(/sign-in has ended/)).toBeNull()
})

test('a sign-in by another user than expected leaves the plan unchanged', async () => {
  const { back, user } = await opened(broken())
  const mia = { signIn: 'mia', name: 'Mia Chen' }
  const expected = { ...mia, asked: true, missed: true, reconnected: 0, unreached: 6 }
  await back('Mia Chen', 1, { signIn: 'Ben Ito', reconnected: [], expected })
  expect(screen.getByText('Signed in as Ben Ito, not as Mia Chen')).toBeTruthy()
  await user.click(button('Dismiss'))
  expect(plan()).toHaveLength(3)
})

test('an earlier notice gives way to new attention', async () => {
  const { double, back } = await opened(broken().slice(9))
  await back('Cleo Roux', 1)
  expect(screen.queryByText(/sign-in has ended/)).toBeNull()
  double.change({}, { number: 2, phase: 'done', expected: '', connected: brought })
  await rest()
  expect(screen.getByText('Dunes is connected')).toBeTruthy()
  double.rows = broken()
  double.change({ revision: 9 })
  await rest()
  expect(screen.queryByText('Dunes is connected')).toBeNull()
  expect(plan()).toHaveLength(3)
})

test('e-mail addresses distinguish users with the same name', async () => {
  const rows = broken().map((row) => ({ ...row, signIns: ['Mia Chen'] }))
  await opened(rows)
  expect(plan()[1]).toBe('Mia Chen ben@example.com repairs 3 organisations')
})

test('the foot of the rail counts each status', async () => {
  await opened(broken())
  const foot = '12 organisations: 1 connected, 10 sign in again, 1 removed in Xero'
  expect(screen.getByText(foot)).toBeTruthy()
})
