/**
 * The words that no other file of this room has taken for a subject of its own:
 * plain texts, and functions where something varies.
 */
import type { Overview, Repair } from '../backend'
import type { Failure } from '../shared/failures'
import { count, inSentence, isOne, named, organisations } from '../shared/format'
import { counted } from '../organisations/words'

const longestInButton = 28

export const program = 'Bookring'
export const loading = 'Opening your list…'

/** connect names the button: the accessible names that scripts rely on. */
export function connect(total: number): string {
  return total === 0 ? 'Connect to Xero' : 'Connect another organisation'
}

export const buttons = {
  opening: 'Opening your browser…',
  back: 'Back',
  cancel: 'Cancel',
  cancelling: 'Cancelling…',
  close: 'Close',
  copying: 'Copying…',
  dismiss: 'Dismiss',
  settings: 'Settings',
  support: 'Write to support',
  supporting: 'Opening your mail…',
  working: 'One moment…',
}

export const settings = {
  title: 'Settings',
  appTitle: 'Xero app',
  appText: 'What lets Bookring talk to Xero. Set once on this computer.',
  addressesText: 'Your Xero app must list all of these, exactly as written.',
  checkTitle: 'Checking',
  checkText:
    'Bookring asks Xero how your organisations stand: at the start, when you come back to this window, and by itself.',
  checkLabel: 'Check by itself',
  checkEvery: {
    hour: 'Every hour',
    'four-hours': 'Every 4 hours',
    day: 'Once a day',
    week: 'Once a week',
  },
  checkSaved: 'Saved. Bookring checks by itself that often.',
  dataTitle: 'On this computer',
  folder: 'Your list is in',
  network:
    'This folder is on a network or is copied away. It works, but a disk of this computer is safer.',
  access: 'Access to Xero is kept',
  accessSession: 'in memory, until Bookring closes',
  version: 'Version',
  versionOf: (version: string, commit: string) => `${version} (commit ${commit})`,
}

export const rail = {
  label: 'Main',
  organisations: 'Organisations',
  show: 'Show',
  all: 'All',
  attention: 'Needs attention',
  signIns: 'Sign-ins',
}

export const table = {
  title: 'Organisations',
  search: 'Search organisations',
  columns: {
    name: 'Organisation',
    status: 'Status',
    'last-checked': 'Next or last check',
    'sign-in': 'Sign-in',
    country: 'Country',
    currency: 'Currency',
  },
  unread: '–',
  reading: 'Reading…',
  short: (id: string) => `#${id.slice(0, 4)}`,
  nothing: (search: string) =>
    search === '' ? 'Nothing needs attention' : `No organisation matches “${search}”`,
  nothingText: (search: string, allChecked: boolean) => {
    if (search !== '') return 'Bookring looks for each word in the names of your organisations.'
    return allChecked
      ? 'Every organisation on your ring is connected.'
      : 'But some organisations could not be checked.'
  },
  showAll: 'Show all organisations',
  found: (n: number) => `${organisations(n)} found.`,
  matching: (matching: number, total: number) =>
    matching === total ? count(total) : `${count(matching)} of ${count(total)}`,
  /** How many organisations there are, and how many of each status if not all are well. */
  foot: ({ total, counts }: Pick<Overview, 'total' | 'counts'>): string => {
    const well = counts.filter((c) => c.status === 'connected')
    if (counts.length === well.length) return organisations(total)
    const each = [...well, ...counts.filter((c) => c.status !== 'connected')]
    const words = each.map((c) => `${count(c.organisations)}\u00a0${counted(c.status)}`)
    return `${organisations(total)}: ${words.join(', ')}`
  },
  asAt: (when: string) => `as at ${when}`,
  /** A limit of Xero's for one organisation: its details wait, and nothing else. */
  detailsFrom: (when: string) => `Details after ${when}`,
}

export const attention = {
  title: (n: number) => `${count(n)} ${isOne(n) ? 'needs' : 'need'} attention.`,
  plain: 'The list says why for each, and what to do.',
  calm: 'Nothing on this computer was lost.',
  /** One sign-in, and how many organisations it brings back. */
  ended: ({ name, organisations: n }: Repair): string =>
    `${inSentence(name)}’s sign-in has ended: signing in again repairs ${organisations(n)}.`,
  plan: (repairs: readonly Repair[]): string => {
    const all = repairs.reduce((sum, { organisations: n }) => sum + n, 0)
    return `${count(repairs.length)} sign-ins repair ${organisations(all)}.`
  },
  order: 'Begin at the top: the first repairs the most.',
  repairs: (n: number) => `repairs ${organisations(n)}`,
  others: (n: number) =>
    `${count(n)} more ${isOne(n) ? 'needs' : 'need'} attention for another reason.`,
  show: (n: number) => (isOne(n) ? 'Show it' : 'Show them'),
  all: (n: number) => `Show all ${count(n)}`,
  fewer: 'Show the first only',
}

/** Closing while the password store has not taken a renewed sign-in. */
export const closing = {
  saving: (people: readonly string[]) =>
    `Before closing, Bookring saves the sign-in of ${whoever(people)}. A moment, please.`,
  title: 'Close Bookring now?',
  text: (people: readonly string[]) =>
    `Closing now may lose the sign-in of ${whoever(people)}: it was renewed, and this computer’s password store has not taken the new key yet.`,
  waiting:
    'Bookring keeps trying and closes by itself when it is saved. If the password store asks you something, please answer there.',
  keep: 'Keep open',
  anyway: 'Close anyway',
  closing: 'Closing…',
}

/** Nobody is named whose key was saved meanwhile. */
const whoever = (people: readonly string[]) =>
  people.length === 0 ? 'a person' : named(people.map((name) => ({ name })))

export const banners = {
  label: 'Good to know',
  demo: 'Demo data: everything here is made up.',
  leaveDemo: 'Leave the demo',
  leaving: 'Leaving the demo…',
  testServer: (address: string) => `Test server: Bookring talks to ${address}, not to Xero.`,
  /** Why nothing can be written down; a list that is only read stays so until the next start. */
  unwritten: ({ code, detail }: Failure, onlyRead: boolean): string => {
    const then = onlyRead ? ', then start Bookring again' : ''
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

export const signIn = {
  title: (phase: string): string => {
    switch (phase) {
      case 'opening':
        return 'Opening your browser'
      case 'reading':
        return 'Reading what was connected'
      default:
        return 'Finish in your browser'
    }
  },
  sub: (phase: string): string => {
    switch (phase) {
      case 'opening':
        return 'If your computer asks about its password store, please answer there.'
      case 'reading':
        return 'Xero has answered. This takes a moment.'
      default:
        return 'Xero is open there. This window follows along by itself.'
    }
  },
  titleNotOpened: 'Open the link in your browser',
  subNotOpened: 'The sign-in is ready and waits for any browser on this computer.',
  steps: {
    opening: 'Opening your browser at Xero',
    opened: 'Browser opened at Xero',
    notOpened: 'Your browser did not open',
    notOpenedHint: 'Copy the link and paste it into the browser’s address bar.',
    allow: 'Sign in, choose, allow access',
    allowAs: (who: string) => `Sign in as ${inSentence(who)}, allow access`,
    allowHint: 'Signed in as someone else there? Sign out at Xero first.',
    read: 'Bookring reads what was connected',
  },
  states: { done: 'Done: ', now: 'Now: ', todo: 'Next: ', bad: 'Not done: ' },
  openAgain: 'Open again',
  openedAgain: 'Opened in your browser once more.',
  again: (who: string) => `Sign in again as ${inSentence(who, longestInButton)}`,
  signedOut: 'Sign out in your browser, then sign in again here.',
  openedLogout: 'Sign out in your browser, then press Open again here.',
  copyLink: 'Copy link',
  copiedLink: 'The link is on the clipboard. Paste it into a browser on this computer.',
  moreTime: 'More time',
  extended: 'You have the full time again.',
  oneMinute: 'One minute left. Press More time to go on.',
  help: 'The browser shows an error, or nothing came back?',
  check: 'What to check',
  paste: 'Paste the address it ended on',
  pasteHint: 'Copy the whole address from the browser first, then press this.',
  pasted: 'The address is right. Going on.',
  checks: {
    clientIDTitle: 'Client ID',
    clientID: 'Does your Xero app show this one?',
    addressesTitle: 'Redirect addresses',
    addresses: (n: number) => `Does your Xero app list all ${count(n)} of them?`,
    limitTitle: 'Connection limit',
    limit: 'A Xero app may hold only so many connections. At the limit Xero says so on its page.',
    otherTitle: 'Someone else’s sign-in',
    other: 'Sign out at Xero, then press Open again.',
    logout: 'Sign out at Xero',
  },
  cancelled: 'Sign-in cancelled. Nothing was changed.',
  code: 'Error code',
}
