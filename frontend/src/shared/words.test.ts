import { expect, test } from 'vitest'
import { codes } from './failures'
import { trouble } from './words'

test.each(codes)('the words for %s ask for no sign-in', (code) => {
  const { words, advice } = trouble(code)
  expect(words).not.toBe('')
  expect(words).not.toMatch(/[.{]/)
  expect(advice).toMatch(/^$|\.$/)
  if (!/^(sign-in-ended|scope-missing)$/.test(code)) {
    expect(`${words} ${advice}`).not.toMatch(/sign in again|sign in once more/i)
  }
})

test.each([
  ['offline', 'Xero could not be reached'],
  ['keychain-locked', 'The password store was locked'],
  ['xero-rate-limit', 'Xero allowed no more requests'],
  ['xero-forbidden', 'Xero refused the request'],
  ['new-in-2030', 'The last check did not work'],
  ['', 'The last check did not work'],
])('%s is told as “%s”', (code, words) => {
  expect(trouble(code)).toMatchObject({ words })
})
