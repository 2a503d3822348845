import { expect, test } from 'vitest'
import type { RemovalPlan, Receipt } from '../backend'
import { goes, receiptText, removal, stillConnected, undeleted, receiptWords } from './words'

const files = { backups: 0, damaged: 0, logs: 1, others: 0, shared: false }
const plan: RemovalPlan = {
  nothing: false,
  credentials: 1,
  organisations: 1,
  connections: 1,
  throughEnded: 0,
  files,
}
const receipt: Receipt = {
  at: '2026-11-22T09:30:00Z',
  disconnectAsked: true,
  disconnected: 1,
  stillConnected: [],
  credentials: 1,
  undeleted: [],
  organisations: 1,
  files,
  leftovers: [],
}

test('the plan counts the existing items and omits the others', () => {
  expect(goes(plan, 'windows')).toEqual([
    '1 key to Xero, in the Windows Credential Manager',
    'The list: 1 organisation, with its history',
    'The log: 1 file',
    'The settings',
  ])
  const everything = { backups: 7, damaged: 2, logs: 3, others: 1, shared: true }
  expect(goes({ ...plan, files: everything }, 'linux')).toHaveLength(8)
})

test('a locked password store has keys without a number', () => {
  const keychainFailure = { code: 'keychain-locked', detail: '' }
  expect(goes({ ...plan, credentials: 0, keychainFailure }, 'windows')[0]).toMatch(
    /^The keys to Xero, in/,
  )
  expect(removal.keychainFailure('keychain-locked')).toMatch(
    /the password store was locked\. Bookring/,
  )
})

test('a complete removal has a receipt without leftovers', () => {
  const { title, left, atXero } = receiptWords(receipt, 'linux')
  expect([title, left, atXero]).toEqual(['Everything is removed', [], []])
})

test('every leftover is named with the reason', () => {
  const all = [
    { person: 'Jo Whitmore', code: 'keychain-locked' },
    { person: '', code: 'keychain-missing' },
  ]
  expect(undeleted(all)).toEqual([
    'The key of Jo Whitmore: the password store was locked',
    'Keys whose names Bookring does not know: no password store was found',
  ])
  const leftovers = [
    { path: '/a/demo', inUse: true },
    { path: '/a/b', inUse: false },
  ]
  expect(receiptWords({ ...receipt, undeleted: all, leftovers }, 'linux').left.slice(2)).toEqual([
    '/a/demo: open in another window of Bookring',
    '/a/b: this computer refused',
  ])
})

test('connections left at Xero are listed with the steps to end the connections by hand', () => {
  const stillConnected = [
    { person: 'Jo Whitmore', organisations: ['Acme', 'Bee'], code: 'offline' },
    { person: '', organisations: ['Cee'], code: 'sign-in-ended' },
  ]
  expect(receiptWords({ ...receipt, stillConnected }, 'linux').atXero).toEqual([
    'Acme and Bee, through Jo Whitmore: Xero could not be reached',
    'Cee, through a sign-in without a name: the sign-in has ended',
  ])
  expect(receiptWords({ ...receipt, disconnectAsked: false }, 'linux').atXero).toEqual([
    'Left as it was, as you chose.',
  ])
})

test('the copied receipt is plain text', () => {
  const stillConnected = [{ person: 'Jo Whitmore', organisations: ['Acme'], code: 'offline' }]
  const text = receiptText({ ...receipt, stillConnected }, 'darwin')
  expect(text.split('\n')).toEqual([
    expect.stringMatching(/^Bookring: everything on this computer is removed \(.*2026/),
    '',
    'Removed:',
    '- 1 connection at Xero',
    '- 1 key to Xero, in the macOS Keychain',
    '- The list: 1 organisation',
    '- The log: 1 file',
    '- The settings',
    '',
    'Still connected at Xero:',
    '- Acme, through Jo Whitmore: Xero could not be reached',
    removal.byHand,
  ])
})

test('a sign-in that was not ended has a line without organisations', () => {
  const entry = { organisations: [], code: 'offline' }
  expect(
    stillConnected([
      { ...entry, person: 'Jo' },
      { ...entry, person: '' },
    ]),
  ).toEqual([
    'The sign-in of Jo: Xero could not be reached',
    'A sign-in without a name: Xero could not be reached',
  ])
})
