import { expect, test } from 'vitest'
import { status } from './status'

const signIns = ['Jo Whitmore']

test.each([
  ['connected', 'Connected', 'ok'],
  ['sign-in-again', 'Sign in again', 'warn'],
  ['removed', 'Removed in Xero', 'bad'],
  ['no-access', 'No access', 'bad'],
])('%s is said as “%s”', (name, label, tone) => {
  const words = status({ status: name, signIns })
  expect(words).toMatchObject({ label, tone })
  expect(words.reason).toMatch(/\.$/)
})

test('who has to sign in again is named', () => {
  expect(status({ status: 'sign-in-again', signIns }).reason).toContain('as Jo Whitmore.')
  expect(status({ status: 'sign-in-again', signIns: [] }).reason).toContain('as someone who may')
})

test('a status of a newer program is not shown as connected', () => {
  expect(status({ status: 'archived', signIns })).toMatchObject({
    label: 'Not known',
    tone: 'idle',
  })
})
