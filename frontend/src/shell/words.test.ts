import { expect, test } from 'vitest'
import type { Recovery } from '../backend'
import { recovered } from './words'

const now = new Date(2026, 10, 22, 9, 30).getTime()
const backupAt = new Date(2026, 10, 21, 8, 5).toISOString()

const said = (parts: Partial<Recovery>) => {
  const told = recovered(
    {
      lost: true,
      damagedFolder: '/data/damaged/X',
      backupAt: '',
      signIns: 0,
      keychainRead: true,
      checked: 0,
      unchecked: false,
      ...parts,
    },
    now,
  )
  return [`${told.title}.`, ...told.lines].join(' ')
}

test('a list restored from a backup names the time of the backup and the checks since', () => {
  const words = said({ backupAt, checked: 14, signIns: 1 })
  expect(words).toMatch(/^The list was damaged\. Bookring restored it from yesterday [^ ]*05/)
  expect(words).toContain('and has checked 14 organisations with Xero.')
  expect(words).toContain('only in the damaged file, which is kept in /data/damaged/X.')
  expect(said({ backupAt, unchecked: true })).toContain('checks it with Xero as soon as it can.')
})

test('a list rebuilt from Xero names Xero and the missing history', () => {
  const words = said({ signIns: 2, checked: 3 })
  expect(words).toContain(
    'Bookring rebuilt it with 2 sign-ins from this computer’s password store: 3 organisations came back from Xero.',
  )
  expect(words).toContain('History and settings from before are only in the damaged file')
  expect(said({ signIns: 1, unchecked: true })).toContain('as soon as Xero can be asked')
})

test('no rebuilt list is promised before the password store has answered', () => {
  expect(said({ keychainRead: false })).toContain(
    'as soon as this computer’s password store answers',
  )
  expect(said({})).toContain('began a new list. Please connect your organisations again.')
})

test('a missing list has no damaged file', () => {
  expect(said({ damagedFolder: '', backupAt })).toMatch(/^The list was missing\./)
  const words = said({ lost: false, damagedFolder: '', signIns: 1, checked: 2 })
  expect(words).toMatch(/^The list was missing sign-ins\./)
  expect(words).not.toContain('damaged')
})
