import { render, screen, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { ended, people, someone } from '../../e2e/people'
import App from '../App.svelte'
import { called, go, organisations, rest, type Scenario } from '../test/go'

async function opened(scenario: Scenario) {
  const double = go({ rows: organisations(3), ...scenario })
  render(App)
  await rest()
  const user = userEvent.setup()
  await user.click(screen.getByRole('button', { name: /^Sign-ins/ }))
  await rest()
  return { double, user }
}

const button = (name: string) => screen.getByRole('button', { name })
const card = (name: string) => within(screen.getByRole('article', { name }))
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()

test('each person has a card: until when, and what would be lost', async () => {
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

test('what a card does not name is shown in the list, in order of sign-in', async () => {
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

test('what was renewed is not praised above a sign-in that has ended since', async () => {
  const { double, user } = await opened({ signIns: [someone('Mia Chen')] })
  await user.click(button('Renew now'))
  await rest()
  expect(screen.getByRole('button', { name: 'Dismiss' })).toBeTruthy()
  double.signIns = [someone('Mia Chen', ended('refused', 0))]
  double.change({ revision: 2 })
  await rest()
  expect(screen.queryByRole('button', { name: 'Dismiss' })).toBeNull()
})

test('an ended sign-in says why and begins a new one', async () => {
  const { double, user } = await opened({ signIns: [someone('Jo Whitmore', ended('unused', 3))] })
  expect(card('Jo Whitmore').getByText(/not renewed for 60 days/)).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Save calendar file…' })).toBeNull()
  await user.click(button('Sign in again as Jo Whitmore'))
  expect(called(double)).toEqual(['SignInAgain'])
})

test('Renew now says until when, and reads the cards anew', async () => {
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

test('a renewal that did not work says why, and Try again renews', async () => {
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

test('a sign-in that turns out to have ended is signed in to', async () => {
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

test('a calendar file that could not be written says where', async () => {
  const refuse = {
    SaveCalendar: { code: 'file-not-saved', detail: '/mnt/stick/bookring-sign-ins.ics' },
  }
  const { user } = await opened({ signIns: [someone('Mia Chen')], refuse })
  await user.click(button('Save calendar file…'))
  await rest()
  expect(screen.getByRole('alert').textContent).toMatch(/could not write \/mnt\/stick\/bookring/)
})

test('a sign-in that ends soon stands above every screen, and can be renewed there', async () => {
  const soon = { id: 'mia', name: 'Mia Chen', keptUntil: inDays(13) }
  const { double, user } = await opened({ overview: { ending: [soon] } })
  expect(
    screen.getByText(/^Mia Chen’s sign-in ends on .*, in 13 days, unless it is renewed.$/),
  ).toBeTruthy()
  await user.click(screen.getByRole('button', { name: /^Organisations/ }))
  await user.click(button('Renew now'))
  double.change({ ending: [] })
  await rest()
  expect(double.calls).toContainEqual(['RenewNow', 'mia'])
  expect(screen.queryByText(/unless it is renewed/)).toBeNull()
})

test('sign-ins that cannot be read say so, and can be tried again', async () => {
  const refuse = { SignIns: { code: 'database-busy' } }
  const { double, user } = await opened({ signIns: [someone('Mia Chen')], refuse })
  expect(screen.getByRole('alert').textContent).toMatch(/in use/)
  double.refuse = {}
  await user.click(button('Try again'))
  await rest()
  expect(card('Mia Chen')).toBeTruthy()
})

test('without sign-ins the screen says how there come to be some', async () => {
  await opened({})
  expect(screen.getByRole('heading', { name: 'Nobody has signed in yet' })).toBeTruthy()
})
