/** The words of the window as a whole: rail, banners, closing, and the recovery of a lost list. */
import type { Recovery } from '../backend'
import type { Failure } from '../shared/failures'
import { asAt, count, isOne, named, organisations } from '../shared/format'
import type { Told } from '../shared/words'

/** recovered says what a damaged or lost list has become, and where the damaged file is. */
export function recovered(r: Recovery, now: number): Told {
  const lines = [r.backupAt === '' ? rebuilt(r) : restored(r, now)]
  if (r.damagedFolder !== '') {
    const missing =
      r.backupAt === '' ? 'History and settings from before' : 'What was written down after that'
    const are = r.backupAt === '' ? 'are' : 'is'
    lines.push(`${missing} ${are} only in the damaged file, which is kept in ${r.damagedFolder}.`)
  }
  return { tone: 'info', title: title(r), lines }
}

function title(r: Recovery): string {
  if (!r.lost) return 'The list was missing sign-ins'
  return r.damagedFolder === '' ? 'The list was missing' : 'The list was damaged'
}

function restored(r: Recovery, now: number): string {
  const from = `Bookring restored it from ${asAt(r.backupAt, now, true)}`
  if (r.unchecked) return `${from} and checks it with Xero as soon as it can.`
  return r.checked === 0
    ? `${from}.`
    : `${from} and has checked ${organisations(r.checked)} with Xero.`
}

function rebuilt(r: Recovery): string {
  if (!r.keychainRead)
    return 'Bookring rebuilds it as soon as this computer’s password store answers.'
  if (r.signIns === 0) {
    return 'This computer’s password store holds no sign-in, so Bookring began a new list. Please connect your organisations again.'
  }
  const signIns = `${count(r.signIns)} ${isOne(r.signIns) ? 'sign-in' : 'sign-ins'}`
  const from = `with ${signIns} from this computer’s password store`
  if (r.unchecked) return `Bookring rebuilds it ${from}, as soon as Xero can be asked.`
  return `Bookring rebuilt it ${from}: ${organisations(r.checked)} came back from Xero.`
}

export const loading = 'Opening your list…'

export const rail = {
  label: 'Main',
  organisations: 'Organisations',
  show: 'Show',
  all: 'All',
  attention: 'Needs attention',
  signIns: 'Sign-ins',
}

/** Closing while a renewed sign-in is not yet saved in the password store. */
export const closing = {
  saving: (people: readonly string[]) =>
    `Before closing, Bookring saves the sign-in of ${owners(people)}. A moment, please.`,
  title: 'Close Bookring now?',
  text: (people: readonly string[]) =>
    `Closing now may lose the sign-in of ${owners(people)}: it was renewed, and this computer’s password store has not taken the new key yet.`,
  waiting:
    'Bookring keeps trying and closes by itself when it is saved. If the password store asks you something, please answer there.',
  keep: 'Keep open',
  anyway: 'Close anyway',
  closing: 'Closing…',
}

/** The list of names is empty once the last key has been saved. */
const owners = (people: readonly string[]) =>
  people.length === 0 ? 'a person' : named(people.map((name) => ({ name })))

export const banners = {
  label: 'Good to know',
  fault:
    'A fault in Bookring stopped part of its work. Nothing is lost, and Bookring tries again. If this comes back, start Bookring again and write to support.',
  demo: 'Demo data: everything here is made up.',
  /** The people whose sign-in waits for an answer of Xero's. */
  slow: (people: readonly string[]) =>
    `Xero keeps the answer for the sign-in of ${owners(people)} waiting. Bookring goes on trying, and with the others meanwhile; nothing is lost.`,
  leaveDemo: 'Leave the demo',
  leaving: 'Leaving the demo…',
  testServer: (address: string) => `Test server: Bookring talks to ${address}, not to Xero.`,
  /** Why the list cannot be written. A list opened for reading only needs a new start of Bookring. */
  writeFailure: ({ code, detail }: Failure, readOnly: boolean): string => {
    const then = readOnly ? ', then start Bookring again' : ''
    switch (code) {
      case 'database-full':
        return `The disk is full: what Bookring finds out cannot be written down, and the list stays as it is. Please free some space${then}.`
      case 'database-busy':
        return 'Another program holds Bookring’s list, perhaps a backup. Nothing can be written down until it lets go of it.'
      case 'database-read-only':
        return `The list is only shown, and not checked: Bookring may not write in ${detail}. Ask whoever looks after this computer to allow it${then}.`
      case 'database-damaged':
        return 'Part of the list cannot be written. Close Bookring and start it again: it then restores the list by itself.'
      default:
        return `Nothing can be written down in ${detail}. Please look at the disk, or at the connection to it.`
    }
  },
  sessionOnly:
    'For this session only: you will have to sign in again after closing Bookring, because nothing is kept in the password store.',
}
