import { expect, test } from 'vitest'
import { status } from './status'

const signIns = ['Jo Whitmore']
const sign = { carrier: 'jo', ending: 'refused' }

test.each([
  ['connected', 'Connected', 'ok'],
  ['sign-in-again', 'Sign in again', 'warn'],
  ['removed', 'Removed in Xero', 'bad'],
  ['no-access', 'No access', 'bad'],
  ['not-checked', 'Not checked', 'idle'],
])('%s is said as “%s”', (name, label, tone) => {
  const words = status({ status: name, signIns, ...sign, trouble: 'offline' })
  expect(words).toMatchObject({ label, tone })
  expect(words.reason).toMatch(/\.$/)
})

test.each([
  ['connected', undefined, undefined],
  ['sign-in-again', 'As Jo Whitmore', { signInAs: 'jo' }],
  ['removed', 'Connect again', 'sign-in'],
  ['no-access', 'Try again', 'check'],
  ['not-checked', 'Check now', 'check'],
])('the next step of %s is “%s”', (name, label, step) => {
  const { next, brief } = status({ status: name, signIns, ...sign, trouble: 'offline' })
  expect([next?.label, next?.step]).toEqual([label, step])
  expect(brief !== '').toBe(next !== null)
})

test('who has to sign in again is named', () => {
  expect(status({ status: 'sign-in-again', signIns, ...sign, trouble: '' }).reason).toContain(
    'as Jo Whitmore,',
  )
  expect(status({ status: 'sign-in-again', signIns: [], ...sign, trouble: '' }).reason).toContain(
    'as someone who may',
  )
})

test.each([
  ['refused', /Xero does not accept it/],
  ['key-gone', /Its key is no longer in/],
  ['key-damaged', /Its key .* is damaged/],
  ['unused', /60 days/],
  ['session', /for one session only/],
  ['', /Xero does not accept it/],
  ['new-in-2030', /Xero does not accept it/],
])('a sign-in that has ended says why: %s', (ending, words) => {
  const { reason, brief } = status({
    status: 'sign-in-again',
    signIns,
    carrier: 'jo',
    ending,
    trouble: '',
  })
  expect(reason).toMatch(words)
  expect(brief).not.toMatch(/\.$/)
})

test('a status of a newer program is not shown as connected', () => {
  expect(status({ status: 'archived', signIns, ...sign, trouble: '' })).toMatchObject({
    label: 'Not known',
    tone: 'idle',
  })
})
