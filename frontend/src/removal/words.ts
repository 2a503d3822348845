/** The words of removing everything from this computer: before, during and after the removal. */
import type { FileCounts, RemovalPlan, Receipt, Removal } from '../backend'
import { isCode } from '../shared/failures'
import { count, exactTime, inSentence, isOne, listed, organisations, until } from '../shared/format'
import { passwordStore, trouble, type Told } from '../shared/words'

const some = (n: number, one: string, several: string) => `${count(n)} ${isOne(n) ? one : several}`

export const removal = {
  title: 'Remove everything from this computer',
  section: {
    title: 'Removing Bookring',
    text: 'Before this computer goes to somebody else, or when you stop using Bookring: its keys, its list and everything else it keeps here.',
    demo: 'The demo keeps nothing: what it shows ends with it.',
    button: 'Remove everything from this computer…',
  },
  lede: 'Bookring will be as on the day it was installed. Nothing changes in your clients’ books.',
  counting: 'Looking what there is…',
  goesTitle: 'What goes',
  noUndo: 'This cannot be undone.',
  exported: 'Files that you exported stay where you put them.',
  keychainFailure: (code: string) =>
    `Whose keys are in the password store could not be seen: ${lower(trouble(code).words)}. Bookring will ask it again before anything is removed.`,
  xeroTitle: 'And at Xero?',
  disconnect: 'Disconnect at Xero first',
  disconnectText: (p: RemovalPlan) =>
    p.connections === 0
      ? 'Each sign-in that still works tells Xero to end its connections, and then ends itself.'
      : `Xero is told to end ${some(p.connections, 'connection', 'connections')}, and no longer counts ${isOne(p.connections) ? 'it' : 'them'} for your app. Then the sign-ins end, too.`,
  throughEnded: (n: number) =>
    `${some(n, 'more belongs', 'more belong')} to sign-ins that have ended: only at Xero can ${isOne(n) ? 'it' : 'they'} be ended.`,
  leave: 'Leave Xero as it is',
  leaveText: 'Xero goes on counting the connections. They can be ended later.',
  byHand:
    'By hand: sign in to Xero, choose the organisation, then Settings, Connected apps, Disconnect.',
  button: 'Remove everything',

  disconnecting: 'Disconnecting at Xero',
  disconnectingText: 'Nothing has been removed from this computer yet.',
  progress: ({ done, total }: Pick<Removal, 'done' | 'total'>) =>
    `${count(done)} of ${some(Math.max(done, total), 'connection', 'connections')}`,
  limit: (limitUntil: string, now: number) =>
    `Xero allows no more requests until ${until(limitUntil, now)}. Bookring waits for a short time only.`,
  cancelled:
    'Cancelled. Nothing was removed from this computer. What was disconnected before stays so.',
  deleting: 'Removing…',
  deletingText: 'Please do not close Bookring. This takes a moment.',

  /** The three choices after an obstacle. */
  undecided: {
    title: 'Xero could not be told',
    text: 'Nothing has been removed from this computer yet. You can:',
    again: 'Try again',
    againText: 'Xero, or the way to it, may be back.',
    anyway: 'Remove anyway',
    anywayText: 'Xero goes on counting these connections, and only there can they be ended then.',
    keep: 'Do not remove',
    keepText: 'Go back. What Xero was told of stays disconnected.',
  },
  stopped: {
    title: 'Some keys could not be removed',
    text: 'The rest has not been touched yet. You can:',
    again: 'Try again',
    againText: 'Open the password store first, if it is locked.',
    anyway: 'Remove the rest',
    anywayText: 'Those keys stay in the password store. They open nothing but Xero.',
    keep: 'Keep the rest',
    keepText: 'Go back to your list. Whoever’s key was removed signs in again there.',
  },

  done: 'Everything is removed',
  here: 'Everything on this computer is removed',
  almost: 'Removed, but for a few things',
  closing: 'The last of it, which the open window needs, goes when you close Bookring.',
  removedTitle: 'Removed',
  leftTitle: 'Not removed',
  xeroLeftTitle: 'Still connected at Xero',
  copy: 'Copy receipt',
  copied: {
    tone: 'ok',
    title: 'The receipt is on the clipboard',
    lines: ['Paste it before you close Bookring.'],
  } satisfies Told,
  close: 'Close Bookring',
}

/** goes lists the contents of a removal, a line each. */
export function goes(p: RemovalPlan, system: string): string[] {
  const keys = p.keychainFailure
    ? 'The keys to Xero'
    : some(p.credentials, 'key to Xero', 'keys to Xero')
  return [
    `${keys}, ${passwordStore(system)}`,
    `The list: ${organisations(p.organisations)}, with ${isOne(p.organisations) ? 'its' : 'their'} history`,
    ...files(p.files),
    'The settings',
  ]
}

function files(f: FileCounts): string[] {
  return [
    f.backups > 0 ? some(f.backups, 'backup of the list', 'backups of the list') : '',
    f.damaged > 0
      ? some(f.damaged, 'damaged file that was kept aside', 'damaged files that were kept aside')
      : '',
    f.logs > 0 ? `The log: ${some(f.logs, 'file', 'files')}` : '',
    f.others > 0 ? 'The data of the demo and of test servers' : '',
    f.shared ? 'What the window remembered' : '',
  ].filter(Boolean)
}

/** why turns a failure's code into the reason for an item that was not removed. */
export function why(code: string): string {
  if (code === 'sign-in-ended') return 'the sign-in has ended'
  return isCode(code) ? lower(trouble(code).words) : 'something unexpected happened'
}

const lower = (words: string) =>
  words.startsWith('Xero') ? words : words.charAt(0).toLowerCase() + words.slice(1)

/** undeleted lists the keys that the password store did not delete. */
export function undeleted(all: Removal['undeleted']): string[] {
  return all.map(({ person, code }) =>
    person === ''
      ? `Keys whose names Bookring does not know: ${why(code)}`
      : `The key of ${inSentence(person)}: ${why(code)}`,
  )
}

/**
 * stillConnected lists the connections that Xero still counts, with the reason. Without
 * names, the sign-in itself was not ended, or its connections are not known.
 */
export function stillConnected(all: Removal['stillConnected']): string[] {
  return all.map(({ person, organisations: names, code }) => {
    const through = person === '' ? 'a sign-in without a name' : inSentence(person)
    if (names.length > 0)
      return `${listed(names.map((n) => inSentence(n)))}, through ${through}: ${why(code)}`
    return `${person === '' ? 'A sign-in without a name' : `The sign-in of ${through}`}: ${why(code)}`
  })
}

/** ReceiptWords is the text of a receipt, for the screen and for the clipboard. */
export interface ReceiptWords {
  title: string
  removed: string[]
  left: string[]
  /** The connections that Xero still counts. */
  atXero: string[]
}

/** receiptWords writes a receipt: removed items, leftovers, and connections that Xero still counts. */
export function receiptWords(r: Receipt, system: string): ReceiptWords {
  const left = [
    ...undeleted(r.undeleted),
    ...r.leftovers.map(({ path, inUse }) =>
      inUse ? `${path}: open in another window of Bookring` : `${path}: this computer refused`,
    ),
  ]
  const atXero = r.disconnectAsked
    ? stillConnected(r.stillConnected)
    : ['Left as it was, as you chose.']
  return {
    title:
      left.length > 0 ? removal.almost : r.stillConnected.length > 0 ? removal.here : removal.done,
    removed: [
      r.disconnected > 0 ? `${some(r.disconnected, 'connection', 'connections')} at Xero` : '',
      r.credentials > 0
        ? `${some(r.credentials, 'key', 'keys')} to Xero, ${passwordStore(system)}`
        : '',
      `The list: ${organisations(r.organisations)}`,
      ...files(r.files),
      'The settings',
    ].filter(Boolean),
    left,
    atXero,
  }
}

/** receiptText writes the receipt as plain text for the clipboard. */
export function receiptText(r: Receipt, system: string): string {
  const { title, removed, left, atXero } = receiptWords(r, system)
  const part = (name: string, lines: string[]) =>
    lines.length > 0 ? ['', `${name}:`, ...lines.map((line) => `- ${line}`)] : []
  return [
    `Bookring: ${title.toLowerCase()} (${exactTime(r.at)})`,
    ...part(removal.removedTitle, removed),
    ...part(removal.leftTitle, left),
    ...part(removal.xeroLeftTitle, atXero),
    ...(atXero.length > 0 ? [removal.byHand] : []),
  ].join('\n')
}
