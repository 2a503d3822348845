import { expect, test } from 'vitest'
import { status } from './words'

const signIns = ['Jo Whitmore']
const row = {
  id: 'vets',
  signIns,
  firstSignIn: 'jo',
  ending: 'refused',
  trouble: 'offline',
  pending: '',
}

test.each([
  ['connected', 'Connected', 'ok'],
  ['sign-in-again', 'Sign in again', 'warn'],
  ['removed', 'Removed in Xero', 'bad'],
  ['no-access', 'No access', 'bad'],
  ['not-checked', 'Not checked', 'idle'],
  ['disconnected', 'Disconnected', 'idle'],
])('%s is said as “%s”', (name, label, tone) => {
  const words = status({ ...row, status: name })
  expect(words).toMatchObject({ label, tone })
  expect(words.reason).toMatch(/\.$/)
})

test.each([
  ['connected', undefined, undefined],
  ['sign-in-again', 'As Jo Whitmore', { signInAs: 'jo' }],
  ['removed', 'Connect again', 'sign-in'],
  ['no-access', 'Try again', 'check'],
  ['not-checked', 'Check now', 'check'],
  ['disconnected', 'Connect again', { connectAgain: 'vets' }],
])('the next step of %s is “%s”', (name, label, step) => {
  const { next, brief } = status({ ...row, status: name })
  expect([next?.label, next?.step]).toEqual([label, step])
  expect(brief !== '').toBe(next !== null)
})

test('fewer permissions ask for a sign-in, not for the administrator', () => {
  const { reason, next } = status({ ...row, status: 'not-checked', trouble: 'scope-missing' })
  expect(reason).toContain('Bookring may no longer read')
  expect(next).toEqual({ label: 'As Jo Whitmore', step: { signInAs: 'jo' } })
})

test('the next step names the user who must sign in again', () => {
  expect(status({ ...row, status: 'sign-in-again' }).reason).toContain('as Jo Whitmore,')
  expect(status({ ...row, status: 'sign-in-again', signIns: [] }).reason).toContain(
    'as someone who may',
  )
})

test.each([
  ['refused', /Xero does not accept it/],
  ['key-gone', /Its key is no longer in/],
  ['key-damaged', /Its key .* is damaged/],
  ['key-old', /older key/],
  ['unused', /60 days/],
  ['session', /for one session only/],
  ['', /Xero does not accept it/],
  ['new-in-2030', /Xero does not accept it/],
])('a sign-in that has ended says why: %s', (ending, words) => {
  const { reason, brief } = status({ ...row, status: 'sign-in-again', ending })
  expect(reason).toMatch(words)
  expect(brief).not.toMatch(/\.$/)
})

test('an unknown status is not shown as connected', () => {
  expect(status({ ...row, status: 'archived' })).toMatchObject({
    label: 'Not known',
    tone: 'idle',
  })
})

test('the status names the unfinished part of a disconnect', () => {
  const said = (pending: string) => status({ ...row, status: 'disconnected', pending })
  expect(said('xero').brief).toBe('Xero is not told yet')
  expect(said('forget').reason).toContain('forgotten as soon as Xero was told')
  expect(said('sign-in').reason).toContain('under Connected apps')
  expect(said('').reason).not.toContain('Xero')
})
