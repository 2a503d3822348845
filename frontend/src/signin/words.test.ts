import { expect, test } from 'vitest'
import type { Connected, Expected } from '../backend'
import { spoken } from '../shared/words'
import { connected } from './words'

const named = (...names: string[]) =>
  names.map((name) => ({ id: name, name, type: 'ORGANISATION' }))

function expected(parts: Partial<Expected>): Expected {
  const jo = { signIn: 'jo', name: 'Jo Whitmore' }
  return { ...jo, asked: true, missed: true, reconnected: 0, unreached: 0, ...parts }
}

function brought(parts: Partial<Connected>): Connected {
  return {
    signIn: 'Sam Okafor',
    added: [],
    reconnected: [],
    removed: [],
    alreadyConnected: [],
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
  [
    'one back',
    { reconnected: named('A') },
    'A is connected again. 3 organisations are connected now.',
  ],
  [
    'new and back',
    { added: named('A'), reconnected: named('B') },
    '2 organisations connected. A and B. 3 organisations are connected now.',
  ],
  [
    'one known',
    { alreadyConnected: named('A') },
    'A was connected already. To connect another, choose a different one on Xero’s page. 3 organisations are connected now.',
  ],
  [
    'several known',
    { alreadyConnected: named('A', 'B') },
    'These 2 organisations were connected already. To connect another, choose a different one on Xero’s page. 3 organisations are connected now.',
  ],
  [
    'one known and two gone',
    { alreadyConnected: named('A'), removed: named('B', 'C') },
    'A was connected already. To connect another, choose a different one on Xero’s page. 3 organisations are connected now. B and C are not in Xero’s list any more.',
  ],
  [
    'only a practice',
    { others: [{ id: 'p', name: 'Okafor & Co', type: 'PRACTICE' }] },
    'No organisation was connected. 3 organisations are connected now. Xero also connected Okafor & Co (practice). Bookring lists organisations only.',
  ],
  [
    'another user than last time',
    { added: named('A'), expected: expected({ asked: false }) },
    'A is connected. 3 organisations are connected now. Signed in as Sam Okafor; last time it was Jo Whitmore.',
  ],
  [
    'another user than expected',
    { expected: expected({ unreached: 3 }) },
    'Signed in as Sam Okafor, not as Jo Whitmore. 3 organisations still wait for Jo Whitmore. Sign out at Xero first, then sign in again.',
  ],
  [
    'another user who reaches some of the organisations, too',
    { reconnected: named('A'), expected: expected({ reconnected: 1, unreached: 1 }) },
    'Signed in as Sam Okafor, not as Jo Whitmore. Connected through Sam Okafor now: A. 1 organisation still waits for Jo Whitmore. Sign out at Xero first, then sign in again.',
  ],
  [
    'another user than expected, whose sign-in works',
    { alreadyConnected: named('A'), expected: expected({}) },
    'Signed in as Sam Okafor, not as Jo Whitmore. Nothing was changed for Jo Whitmore. Sign out at Xero first, then sign in again.',
  ],
  [
    'another user who reaches all of the organisations',
    { reconnected: named('A', 'B'), expected: expected({ reconnected: 2, missed: false }) },
    'Signed in as Sam Okafor, not as Jo Whitmore. Connected through Sam Okafor now: A and B. No organisation waits for Jo Whitmore any more.',
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
