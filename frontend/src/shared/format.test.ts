import { expect, test } from 'vitest'
import * as format from './format'

const now = Date.parse('2026-11-22T10:00:00Z')
const before = (seconds: number) => new Date(now - seconds * 1000).toISOString()

test.each([
  [5, 'Just now'],
  [-90, 'Just now'],
  [60, '1 min ago'],
  [59 * 60, '59 min ago'],
  [60 * 60, '1 hr ago'],
  [23 * 3600, '23 hr ago'],
])('%i seconds ago is said as “%s”', (seconds, words) => {
  expect(format.checkedAgo(before(seconds), now)).toBe(words)
})

test('yesterday and earlier are dates', () => {
  expect(format.checkedAgo(before(3 * 86_400), now)).toContain('2026')
})

test('an organisation never checked has words, and a broken time none', () => {
  expect(format.checkedAgo('', now)).toBe('Not yet')
  expect(format.exactTime('nonsense')).toBe('')
})

const local = (day: number, hour: number, minute: number, year = 2026) =>
  new Date(year, 10, day, hour, minute).getTime()

test.each([
  [local(22, 8, 42), /^0?8:42/, /^Checked today 0?8:42/],
  [local(21, 17, 30), /^yesterday$/, /^Checked yesterday 0?(17|5):30/],
  [local(19, 17, 30), /^(19 Nov|Nov 19)$/, /^Checked (19 Nov|Nov 19) 0?(17|5):30/],
  [local(19, 17, 30, 2025), /2025/, /2025/],
])('a time is said as shortly as it is understood', (then, when, foot) => {
  const today = local(22, 14, 2)
  expect(format.asAt(then, today)).toMatch(when)
  expect(format.checkedOn(new Date(then).toISOString(), today)).toMatch(foot)
})

test.each([
  [local(22, 18, 40), /^today .*:40/],
  [local(23, 6, 10), /^tomorrow .*6:10/],
  [local(25, 6, 10), /25.* .*6:10/],
])('the end of a limit is said with its day', (then, words) => {
  expect(format.until(new Date(then).toISOString(), local(22, 14, 2))).toMatch(words)
})

test('an invalid time has no words', () => {
  expect(format.until('', now)).toBe('')
  expect(format.asAt('', now)).toBe('')
  expect(format.checkedOn('', now)).toBe('')
})

test.each([
  [581, '9:41 left'],
  [600, '10:00 left'],
  [59.2, '1:00 left'],
  [0, '0:00 left'],
  [-5, '0:00 left'],
])('with %f seconds to go it says “%s”', (seconds, words) => {
  expect(format.timeLeft(new Date(now + seconds * 1000).toISOString(), now)).toBe(words)
})

test('an invalid deadline has no words', () => {
  expect(format.timeLeft('', now)).toBe('')
})

test('one organisation is singular', () => {
  expect(format.organisations(1)).toBe('1 organisation')
  expect(format.organisations(0)).toBe('0 organisations')
  expect(format.organisations(12)).toBe('12 organisations')
})

test.each([
  ['Harbour & Vine Catering', 'HV'],
  ['Demo Company (NZ)', 'DC'],
  ['<img src=x>', 'IS'],
  ['  ', ''],
  ['', 'UO'],
  ['山田会計', '山'],
  ['👩‍🌾 Farm', 'F'],
])('“%s” has the monogram “%s”', (name, letters) => {
  expect(format.monogram(name)).toBe(letters)
})

test('countries have names, and odd codes stay as they are', () => {
  expect(format.countryName('GB')).toBe('United Kingdom')
  expect(format.countryName('ZZ')).not.toBe('')
  expect(format.countryName('<b>')).toBe('<b>')
  expect(format.countryName('')).toBe('')
})

test('a long name is shortened in a sentence', () => {
  const said = format.inSentence('W'.repeat(200))
  expect([...said]).toHaveLength(60)
  expect(said).toMatch(/…$/)
})

test('a right-to-left name does not turn the sentence around', () => {
  expect(format.inSentence('דנה')).toBe('\u2068דנה\u2069')
  expect(format.inSentence('Dana')).toBe('Dana')
})

test('more than three names are counted', () => {
  const names = ['A', 'B', 'C', 'D', 'E'].map((name) => ({ id: name, name, type: '' }))
  expect(format.named(names.slice(0, 2))).toBe('A and B')
  expect(format.named(names)).toBe('A, B, C and 2 more')
})

test('names without room are a number', () => {
  expect(format.andMore(0)).toBe('')
  expect(format.andMore(2)).toBe('+2')
})
