import { render, screen, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import App from '../App.svelte'
import type { Gone, Plan } from '../backend'
import { called, go, organisations, rest } from '../test/go'
import { hold } from '../test/hold'

const vets = { id: '0', name: 'Vets', through: ['Jo'], ended: [], staying: [] }
const plan: Plan = {
  signIn: '',
  forget: false,
  count: 2,
  staying: 0,
  organisations: [vets, { ...vets, id: '1' }],
}
const gone: Gone = { count: 2, waiting: 0, untold: 0, staying: 0, signInWaits: false }
const button = (name: string | RegExp) => screen.getByRole('button', { name })

async function marked(parts = {}) {
  const double = go({ rows: organisations(3), answers: { Disconnect: gone }, ...parts })
  render(App)
  await rest()
  const user = userEvent.setup()
  for (const box of screen.getAllByRole('checkbox').slice(0, 2)) await user.click(box)
  return { double, user }
}

test('an open question is not exchanged for another', async () => {
  const { double, user } = await marked()
  const held = hold('PlanDisconnect')
  double.answers['PlanDisconnect'] = plan
  await user.click(button('Disconnect…'))
  double.answers['PlanDisconnect'] = { ...plan, forget: true }
  await user.click(button('Forget…')) // nothing seemed to happen
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

test('a question that comes late is not put to who has gone elsewhere', async () => {
  const { user } = await marked({ answers: { PlanDisconnect: plan } })
  const held = hold('PlanDisconnect')
  await user.click(button('Disconnect…'))
  await user.click(button('Settings'))
  await rest()
  held[0]?.answer()
  await rest()
  expect(screen.queryByRole('dialog')).toBeNull()
})

test('a question that comes late is not put over a sign-in', async () => {
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

test('who clears the selection while the question is prepared is not asked', async () => {
  const { user } = await marked({ answers: { PlanDisconnect: plan } })
  const held = hold('PlanDisconnect')
  await user.click(button('Disconnect…'))
  await user.click(button('Clear selection'))
  held[0]?.answer()
  await rest()
  expect(screen.queryByRole('dialog')).toBeNull()
})

test('marks that a person took away do not come back with a failure', async () => {
  const { user } = await marked({ answers: { PlanDisconnect: plan } })
  const held = hold('PlanDisconnect')
  await user.click(button('Disconnect…'))
  await user.click(button('Clear selection'))
  held[0]?.fail('database-busy')
  await rest()
  expect(screen.queryByRole('group', { name: 'Selection' })).toBeNull()
})

test('what fails in the demo marks nothing in the real list', async () => {
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

test('a question about the demo is not put in the real list', async () => {
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

test('what was forgotten is not marked any more', async () => {
  const { double, user } = await marked({
    answers: { PlanDisconnect: { ...plan, forget: true }, Disconnect: gone },
  })
  await user.click(button('Forget…'))
  await rest()
  const held = hold('Disconnect')
  await user.click(button('Forget 2 organisations'))
  await rest()
  for (const box of screen.getAllByRole('checkbox')) await user.click(box) // the next thing
  double.rows = double.rows.slice(2)
  double.change({ revision: 2 })
  await rest()
  held[0]?.answer()
  await rest()
  expect(screen.getByText(/ selected$/).textContent).toBe('1 selected')
})
test('a warning that asks for something is not pushed away by what went well', async () => {
  const { double, user } = await marked({ answers: { PlanDisconnect: plan, Disconnect: gone } })
  await user.click(button('Disconnect…'))
  await rest()
  const held = hold('Disconnect')
  await user.click(button('Disconnect 2 organisations'))
  await rest()
  double.change({}, { number: 1, phase: 'waiting' })
  await rest()
  const none = { added: [], back: [], known: [], removed: [], others: [], clockMinutes: 0 }
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
        carried: 0,
        waiting: 2,
      },
    },
  } as never)
  await rest()
  expect(screen.getByText('Signed in as Sam Okafor, not as Mia Chen')).toBeTruthy()
  held[0]?.answer()
  await rest()
  expect(screen.queryByText('Signed in as Sam Okafor, not as Mia Chen')).toBeTruthy()
})

test('what is selected while Xero is told stays selected', async () => {
  const { user } = await marked({ answers: { PlanDisconnect: plan, Disconnect: gone } })
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
