import { render, screen, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import App from '../App.svelte'
import type { DisconnectResult, Plan } from '../backend'
import { called, go, organisations, rest } from '../test/go'
import { button } from '../test/window'
import { hold } from '../test/hold'

const vets = { id: '0', name: 'Vets', through: ['Jo'], ended: [], staying: [] }
const plan: Plan = {
  signIn: '',
  forget: false,
  count: 2,
  staying: 0,
  organisations: [vets, { ...vets, id: '1' }],
}
const result: DisconnectResult = {
  count: 2,
  pending: 0,
  stillConnected: 0,
  staying: 0,
  revokePending: false,
}

async function marked(parts = {}) {
  const double = go({ rows: organisations(3), answers: { Disconnect: result }, ...parts })
  render(App)
  await rest()
  const user = userEvent.setup()
  for (const box of screen.getAllByRole('checkbox').slice(0, 2)) await user.click(box)
  return { double, user }
}

test('a later answer does not replace the question of the last button', async () => {
  const { double, user } = await marked()
  const held = hold('PlanDisconnect')
  double.answers['PlanDisconnect'] = plan
  await user.click(button('Disconnect…'))
  double.answers['PlanDisconnect'] = { ...plan, forget: true }
  await user.click(button('Forget…')) // the first press had no visible effect
  held[0]?.answer()
  await rest()
  const before =
    screen.queryByRole('dialog') &&
    within(screen.getByRole('dialog')).getByRole('heading').textContent
  held[1]?.answer()
  await rest()
  const after = within(screen.getByRole('dialog')).getByRole('heading').textContent
  expect([before, after]).toEqual([null, 'Forget 2 organisations?'])
})

test('a late question never opens on another screen', async () => {
  const { user } = await marked({ answers: { PlanDisconnect: plan } })
  const held = hold('PlanDisconnect')
  await user.click(button('Disconnect…'))
  await user.click(button('Settings'))
  await rest()
  held[0]?.answer()
  await rest()
  expect(screen.queryByRole('dialog')).toBeNull()
})

test('a late question never opens over a sign-in', async () => {
  const { double, user } = await marked({ answers: { PlanDisconnect: plan } })
  const held = hold('PlanDisconnect')
  await user.click(button('Disconnect…'))
  double.change(
    {},
    { number: 1, phase: 'waiting', deadline: new Date(Date.now() + 3e5).toISOString() },
  )
  await rest()
  held[0]?.answer()
  await rest()
  expect(screen.getAllByRole('dialog')).toHaveLength(1)
})

test('a cleared selection drops the question in preparation', async () => {
  const { user } = await marked({ answers: { PlanDisconnect: plan } })
  const held = hold('PlanDisconnect')
  await user.click(button('Disconnect…'))
  await user.click(button('Clear selection'))
  held[0]?.answer()
  await rest()
  expect(screen.queryByRole('dialog')).toBeNull()
})

test('cleared marks do not come back after a failure', async () => {
  const { user } = await marked({ answers: { PlanDisconnect: plan } })
  const held = hold('PlanDisconnect')
  await user.click(button('Disconnect…'))
  await user.click(button('Clear selection'))
  held[0]?.fail('database-busy')
  await rest()
  expect(screen.queryByRole('group', { name: 'Selection' })).toBeNull()
})

test('a failure in the demo marks nothing in the real list', async () => {
  const { double, user } = await marked({
    overview: { demo: true },
    answers: { PlanDisconnect: plan },
  })
  await user.click(button('Disconnect…'))
  await rest()
  const held = hold('Disconnect')
  await user.click(button('Disconnect 2 organisations'))
  await rest()
  double.rows = organisations(3).map((row, i) => ({ ...row, id: `real-${i}` }))
  double.change({ demo: false, revision: 9 })
  await rest()
  held[0]?.fail('cancelled') // leaving the demo ends it
  await rest()
  expect(screen.queryByText('2 selected')).toBeNull()
  expect(screen.queryByRole('alert')).toBeNull()
})

test('a question about the demo never opens over the real list', async () => {
  const { double, user } = await marked({
    overview: { demo: true },
    answers: { PlanDisconnect: plan },
  })
  const held = hold('PlanDisconnect')
  await user.click(button('Disconnect…'))
  double.change({ demo: false, revision: 9 })
  await rest()
  held[0]?.answer()
  await rest()
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(called(double)).not.toContain('Disconnect')
})

test('a forgotten organisation is no longer marked', async () => {
  const { double, user } = await marked({
    answers: { PlanDisconnect: { ...plan, forget: true }, Disconnect: result },
  })
  await user.click(button('Forget…'))
  await rest()
  const held = hold('Disconnect')
  await user.click(button('Forget 2 organisations'))
  await rest()
  for (const box of screen.getAllByRole('checkbox')) await user.click(box) // the user goes on
  double.rows = double.rows.slice(2)
  double.change({ revision: 2 })
  await rest()
  held[0]?.answer()
  await rest()
  expect(screen.getByText(/ selected$/).textContent).toBe('1 selected')
})
test('a good result does not replace a warning with a request', async () => {
  const { double, user } = await marked({ answers: { PlanDisconnect: plan, Disconnect: result } })
  await user.click(button('Disconnect…'))
  await rest()
  const held = hold('Disconnect')
  await user.click(button('Disconnect 2 organisations'))
  await rest()
  double.change({}, { number: 1, phase: 'waiting' })
  await rest()
  const none = {
    added: [],
    reconnected: [],
    alreadyConnected: [],
    removed: [],
    others: [],
    clockMinutes: 0,
  }
  double.change({}, {
    number: 1,
    phase: 'done',
    connected: {
      ...none,
      signIn: 'Sam Okafor',
      total: 4,
      expected: {
        signIn: 'mia',
        name: 'Mia Chen',
        asked: true,
        missed: true,
        reconnected: 0,
        unreached: 2,
      },
    },
  } as never)
  await rest()
  expect(screen.getByText('Signed in as Sam Okafor, not as Mia Chen')).toBeTruthy()
  held[0]?.answer()
  await rest()
  expect(screen.queryByText('Signed in as Sam Okafor, not as Mia Chen')).toBeTruthy()
})

test('a selection made during a disconnect stays', async () => {
  const { user } = await marked({ answers: { PlanDisconnect: plan, Disconnect: result } })
  await user.click(button('Disconnect…'))
  await rest()
  const held = hold('Disconnect')
  await user.click(button('Disconnect 2 organisations'))
  await rest()
  expect(screen.queryByRole('group', { name: 'Selection' })).toBeNull()
  await user.click(screen.getAllByRole('checkbox')[2] as HTMLElement)
  held[0]?.answer()
  await rest()
  expect(screen.getByText('1 selected')).toBeTruthy()
})
