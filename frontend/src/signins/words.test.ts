import { expect, test } from 'vitest'
import { ended, someone } from '../../e2e/people'
import * as words from './words'

const now = new Date(2026, 10, 22, 14, 2).getTime()
const at = (days: number, hours = 0) =>
  new Date(now + days * 86_400_000 + hours * 3_600_000).toISOString()

test.each([
  [60, 0, 'in 60 days'],
  [1, -13, 'tomorrow'], // before 24 hours have passed, but on the next day
  [0, 5, 'today'],
  [-1, 0, 'yesterday'],
  [-3, 0, '3 days ago'],
])('a date %s days and %s hours off is said as “%s”', (days, hours, distance) => {
  const row = someone('Mia Chen', { expiresAt: at(days, hours) })
  expect(words.expiresAt(row, now)[1]).toBe(distance)
})

test('an unknown date is shown as unknown', () => {
  expect(words.expiresAt(someone('Mia Chen', { expiresAt: '' }), now)).toEqual([
    'known at the next renewal',
    '',
  ])
  expect(words.when('', now)).toBe('–')
  expect(words.when(at(0), now)).toMatch(/^Today 0?(14|2):02/)
})

test.each(['unused', 'session', 'refused', 'key-gone', '', 'something newer'])(
  'why a sign-in has ended (%s) is said in words',
  (reason) => {
    const { label, reason: why } = words.state(someone('Jo Whitmore', ended(reason, 1)))
    expect(label).toBe('Ended')
    expect(why).toMatch(/^[A-Z].*\.$/)
  },
)

test('an unchecked sign-in stays and names the obstacle', () => {
  const row = someone('Jo Whitmore', { state: 'unchecked', reason: 'offline' })
  expect(words.state(row)).toEqual({
    label: 'Not checked',
    tone: 'idle',
    reason: 'Xero could not be reached. It is kept all the same.',
  })
})

test.each([
  [[at(13)], /^Mia’s sign-in ends on .*, in 13 days, unless it is renewed\.$/],
  [[at(-2)], /^Mia’s sign-in was kept until .* and may have ended\.$/],
  [[at(2), at(3)], /renewed\. 1 more ends soon\.$/],
  [[at(2), at(3), at(4)], /renewed\. 2 more end soon\.$/],
  [[], /^$/],
])('what ends soon is told shortly', (dates, said) => {
  const soon = dates.map((expiresAt, i) => ({ id: String(i), name: 'Mia', expiresAt }))
  expect(words.ending(soon, now)).toMatch(said)
})

test('a person without a name has words', () => {
  expect(words.renewed('', '', now)).toEqual({
    tone: 'ok',
    title: 'Unnamed person’s sign-in is renewed',
    lines: [],
  })
})
