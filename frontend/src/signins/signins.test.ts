import { render, screen, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { ended, people, someone } from '../../e2e/people'
import App from '../App.svelte'
import { called, go, organisations, rest, type Scenario } from '../test/go'
import { button } from '../test/window'

async function opened(scenario: Scenario) {
  const double = go({ rows: organisations(3), ...scenario })
  render(App)
  await rest()
  const user = userEvent.setup()
  await user.click(screen.getByRole('button', { name: /^Sign-ins/ }))
  await rest()
  return { double, user }
}

const card = (name: string) => within(screen.getByRole('article', { name }))
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()

test('each user has a card with the expiry and the organisations at risk', async () => {
  await opened({ signIns: people() })
  expect(screen.getAllByRole('article')).toHaveLength(5)
  const mia = card('Mia Chen')
  expect(mia.getByText('mia.chen@example.com')).toBeTruthy()
  expect(mia.getByText('Kept')).toBeTruthy()
  expect(mia.getByText(/in 13 days/)).toBeTruthy()
  expect(mia.getByText('Carries 1 organisation')).toBeTruthy()
  expect(mia.getByText(/^Only through this sign-in/)).toBeTruthy()
  expect(mia.queryByText(/^Through others/)).toBeNull()
  const sam = card('Sam Okafor')
  expect(sam.getByText('and 9,938 more')).toBeTruthy()
  expect(sam.getByText('and 36 more')).toBeTruthy()
  const dana = card('דנה כהן')
  expect(dana.getByText('until Bookring closes')).toBeTruthy()
  expect(dana.queryByRole('button', { name: /Renew|Sign in/ })).toBeNull()
})

test('the list, in order of sign-in, shows the organisations that a card does not name', async () => {
  const sam = someone('Sam Okafor', { id: 'sam', organisations: 190, only: 190 })
  const { user } = await opened({ rows: organisations(200), signIns: [someone('Jo'), sam] })
  expect(card('Jo').queryByRole('button', { name: /in the list/ })).toBeNull()
  await user.click(card('Sam Okafor').getByRole('button', { name: /in the list/ }))
  await rest()
  const ordered = screen.getByRole('columnheader', { name: 'Sign-in' })
  expect(ordered.getAttribute('aria-sort')).toBe('ascending')
  expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe('201')
  const row = document.activeElement as HTMLElement
  expect(row.getAttribute('aria-rowindex')).toBe('6') // Jo carries four
  expect(within(row).getByText('Sam Okafor')).toBeTruthy()
  expect(screen.getByRole('status').textContent).toBe('The list is in order of sign-in.')
})

test('the notice about a renewal ends once a sign-in has ended', async () => {
  const { double, user } = await opened({ signIns: [someone('Mia Chen')] })
  await user.click(button('Renew now'))
  await rest()
  expect(screen.getByRole('button', { name: 'Dismiss' })).toBeTruthy()
  double.signIns = [someone('Mia Chen', ended('refused', 0))]
  double.change({ revision: 2 })
  await rest()
  expect(screen.queryByRole('button', { name: 'Dismiss' })).toBeNull()
})

test('an ended sign-in shows the reason and starts a new sign-in', async () => {
  const { double, user } = await opened({ signIns: [someone('Jo Whitmore', ended('unused', 3))] })
  expect(card('Jo Whitmore').getByText(/not renewed for 60 days/)).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Save calendar file…' })).toBeNull()
  await user.click(button('Sign in again as Jo Whitmore'))
  expect(called(double)).toEqual(['SignInAgain'])
})

test('Renew now reports the new expiry and reads the cards again', async () => {
  const { double, user } = await opened({ signIns: [someone('Mia Chen', { age: 47 })] })
  double.signIns = [someone('Mia Chen')]
  const press = button('Renew now')
  await user.click(press)
  double.change({ revision: 2 })
  await rest()
  expect(double.calls).toContainEqual(['RenewNow', 'https://identity.xero.com|app|Mia Chen'])
  expect(screen.getByRole('status').textContent).toMatch(
    /^Mia Chen’s sign-in is renewed. It is kept until .* in 60 days.$/,
  )
  expect(card('Mia Chen').getByText(/in 60 days/)).toBeTruthy()
  expect(document.activeElement).toBe(press)
})

test('a failed renewal reports the failure, and Try again renews', async () => {
  const refuse = { RenewNow: { code: 'offline', detail: 'renewed a sign-in' } }
  const { double, user } = await opened({ signIns: [someone('Mia Chen')], refuse })
  await user.click(button('Renew now'))
  await rest()
  expect(screen.getByRole('alert').textContent).toMatch(/Xero cannot be reached/)
  double.refuse = {}
  await user.click(button('Try again'))
  await rest()
  expect(screen.queryByRole('alert')).toBeNull()
  expect(called(double)).toEqual(['RenewNow', 'RenewNow'])
})

test('Try again after a renewal of an ended sign-in starts a sign-in', async () => {
  const refuse = { RenewNow: { code: 'sign-in-ended' } }
  const { double, user } = await opened({ signIns: [someone('Mia Chen')], refuse })
  await user.click(button('Renew now'))
  await rest()
  await user.click(button('Try again'))
  await rest()
  expect(called(double)).toEqual(['RenewNow', 'SignInAgain'])
})

test.each([
  [true, 'The calendar file was saved. Open it to put the dates into your calendar.'],
  [false, ''],
])('the calendar file: a person who chose a place (%s) is told “%s”', async (saves, said) => {
  const { double, user } = await opened({ signIns: [someone('Mia Chen')] })
  double.saves = saves
  await user.click(button('Save calendar file…'))
  await rest()
  expect(called(double)).toEqual(['SaveCalendar'])
  expect(screen.getByRole('status').textContent).toBe(said)
})

test('a calendar file that could not be written names its path', async () => {
  const refuse = {
    SaveCalendar: { code: 'file-not-saved', detail: '/mnt/stick/bookring-sign-ins.ics' },
  }
  const { user } = await opened({ signIns: [someone('Mia Chen')], refuse })
  await user.click(button('Save calendar file…'))
  await rest()
  expect(screen.getByRole('alert').textContent).toMatch(/could not write \/mnt\/stick\/bookring/)
})

test('a sign-in near its expiry has a banner on every screen, with a button to renew', async () => {
  const soon = { id: 'mia', name: 'Mia Chen', expiresAt: inDays(13) }
  const { double, user } = await opened({ overview: { nearExpiry: [soon] } })
  expect(
    screen.getByText(/^Mia Chen’s sign-in ends on .*, in 13 days, unless it is renewed.$/),
  ).toBeTruthy()
  await user.click(screen.getByRole('button', { name: /^Organisations/ }))
  await user.click(button('Renew now'))
  double.change({ nearExpiry: [] })
  await rest()
  expect(double.calls).toContainEqual(['RenewNow', 'mia'])
  expect(screen.queryByText(/unless it is renewed/)).toBeNull()
})

test('sign-ins that cannot be read show the failure and can be read again', async () => {
  const refuse = { SignIns: { code: 'database-busy' } }
  const { double, user } = await opened({ signIns: [someone('Mia Chen')], refuse })
  expect(screen.getByRole('alert').textContent).toMatch(/in use/)
  double.refuse = {}
  await user.click(button('Try again'))
  await rest()
  expect(card('Mia Chen')).toBeTruthy()
})

test('an empty screen of sign-ins says how to get the first', async () => {
  await opened({})
  expect(screen.getByRole('heading', { name: 'Nobody has signed in yet' })).toBeTruthy()
})
