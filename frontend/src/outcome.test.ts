import { expect, test } from 'vitest'
import type { Connected } from './backend'
import { connected, spoken } from './outcome'

const named = (...names: string[]) =>
  names.map((name) => ({ id: name, name, type: 'ORGANISATION' }))

function brought(parts: Partial<Connected>): Connected {
  return {
    signIn: 'Sam Okafor',
    previous: '',
    added: [],
    back: [],
    removed: [],
    known: [],
    others: [],
    total: 3,
    clockMinutes: 0,
    ...parts,
  }
}

test.each<[string, Partial<Connected>, string]>([
  [
    'one new',
    { added: named('Calder Street Vets') },
    'Calder Street Vets is connected. 3 organisations are connected now.',
  ],
  [
    'the very first',
    { added: named('Calder Street Vets'), total: 1 },
    'Calder Street Vets is connected. 1 organisation is connected now.',
  ],
  [
    'several new',
    { added: named('A', 'B', 'C') },
    '3 organisations connected. A, B and C. 3 organisations are connected now.',
  ],
  ['one back', { back: named('A') }, 'A is connected again. 3 organisations are connected now.'],
  [
    'new and back',
    { added: named('A'), back: named('B') },
    '2 organisations connected. A and B. 3 organisations are connected now.',
  ],
  [
    'one known',
    { known: named('A') },
    'A was connected already. To connect another, choose a different one on Xero’s page. 3 organisations are connected now.',
  ],
  [
    'several known',
    { known: named('A', 'B') },
    'These 2 organisations were connected already. To connect another, choose a different one on Xero’s page. 3 organisations are connected now.',
  ],
  [
    'one known and two gone',
    { known: named('A'), removed: named('B', 'C') },
    'A was connected already. To connect another, choose a different one on Xero’s page. 3 organisations are connected now. B and C are not in Xero’s list any more.',
  ],
  [
    'only a practice',
    { others: [{ id: 'p', name: 'Okafor & Co', type: 'PRACTICE' }] },
    'No organisation was connected. 3 organisations are connected now. Xero also connected Okafor & Co (practice). Bookring lists organisations only.',
  ],
  [
    'somebody else than last time',
    { added: named('A'), previous: 'Jo Whitmore' },
    'A is connected. 3 organisations are connected now. Signed in as Sam Okafor; last time it was Jo Whitmore.',
  ],
])('%s', (_, parts, words) => {
  expect(spoken(connected(brought(parts)))).toBe(words)
})

test.each([
  [7, '7 minutes ahead of'],
  [-12, '12 minutes behind'],
])('a clock that is wrong by %i minutes is a warning', (clockMinutes, words) => {
  const told = connected(brought({ added: named('A'), clockMinutes }))
  expect(told.tone).toBe('warn')
  expect(spoken(told)).toContain(words)
})
