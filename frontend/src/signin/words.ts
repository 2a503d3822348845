/** The words of one sign-in: the dialog, and the result in the notice and the status region. */
import type { Connected, Expected, Name, Progress } from '../backend'
import { count, inSentence, isOne, listed, minutes, named, organisations } from '../shared/format'
import { sentences, type Told } from '../shared/words'

const longestInButton = 28

/** connected says which organisations one round through the browser connected. */
export function connected(c: Connected): Told {
  const told = c.expected?.asked ? instead(c, c.expected) : news(c)
  const { lines } = told
  if (c.removed.length > 0) {
    const gone = isOne(c.removed.length) ? 'is' : 'are'
    lines.push(`${named(c.removed)} ${gone} not in Xero’s list any more.`)
  }
  if (c.others.length > 0) {
    lines.push(`Xero also connected ${others(c.others)}. Bookring lists organisations only.`)
  }
  if (c.part) {
    lines.push(
      'Bookring did not understand the whole list of Xero’s, so an organisation may be missing here. It reads the list again by itself.',
    )
  }
  if (c.expected && !c.expected.asked) {
    const last = inSentence(c.expected.name)
    lines.push(`Signed in as ${inSentence(c.signIn)}; last time it was ${last}.`)
  }
  if (c.clockMinutes !== 0) {
    const way = c.clockMinutes > 0 ? 'ahead of' : 'behind'
    lines.push(
      `This computer’s clock is ${minutes(Math.abs(c.clockMinutes))} ${way} Xero’s. Set it right, or sign-ins may fail.`,
    )
  }
  return { ...told, tone: c.clockMinutes === 0 ? told.tone : 'warn' }
}

/** instead says that another user signed in than the expected person, and with which effect. */
function instead(c: Connected, asked: Expected): Told {
  const [came, other] = [inSentence(c.signIn), inSentence(asked.name)]
  const title = `Signed in as ${came}, not as ${other}`
  const lines: string[] = []
  const arrived = [...c.added, ...c.reconnected]
  if (arrived.length > 0) lines.push(`Connected through ${came} now: ${named(arrived)}.`)
  if (!asked.missed) {
    lines.push(`No organisation waits for ${other} any more.`)
    return { tone: 'info', title, lines }
  }
  const waits = isOne(asked.unreached) ? 'waits' : 'wait'
  const still =
    asked.unreached > 0
      ? `${organisations(asked.unreached)} still ${waits} for ${other}. `
      : `Nothing was changed for ${other}. `
  lines.push(`${still}Sign out at Xero first, then sign in again.`)
  return { tone: 'warn', title, lines, missed: asked }
}

function news(c: Connected): Told {
  const arrived = [...c.added, ...c.reconnected]
  const [first] = arrived
  const now = `${organisations(c.total)} ${isOne(c.total) ? 'is' : 'are'} connected now.`
  if (first && arrived.length === 1) {
    const again = c.reconnected.length === 1 ? ' again' : ''
    return { tone: 'ok', title: `${inSentence(first.name)} is connected${again}`, lines: [now] }
  }
  if (first) {
    return {
      tone: 'ok',
      title: `${organisations(arrived.length)} connected`,
      lines: [`${named(arrived)}.`, now],
    }
  }
  const [known] = c.alreadyConnected
  if (!known) return { tone: 'info', title: 'No organisation was connected', lines: [now] }
  const title =
    c.alreadyConnected.length === 1
      ? `${inSentence(known.name)} was connected already`
      : `These ${organisations(c.alreadyConnected.length)} were connected already`
  const other = 'To connect another, choose a different one on Xero’s page.'
  return { tone: 'info', title, lines: [other, now] }
}

function others(names: Name[]): string {
  return listed(names.map((n) => `${inSentence(n.name)} (${inSentence(n.type).toLowerCase()})`))
}

/** connect names the button that starts a sign-in. Scripts find the button by this name. */
export function connect(total: number): string {
  return total === 0 ? 'Connect to Xero' : 'Connect another organisation'
}

/**
 * reading says that Xero has connected clients that the list does not show yet. The password
 * store has not taken the keys of the unsaved ones.
 */
export function reading({ pending, unsaved }: Progress): string {
  return sentences(read(pending - unsaved), wait(unsaved))
}

function read(grants: number): string {
  if (grants === 0) return ''
  return isOne(grants)
    ? 'Xero has connected a client. Bookring is reading it.'
    : `Xero has connected clients in ${count(grants)} sign-ins. Bookring is reading them.`
}

function wait(grants: number): string {
  if (grants === 0) return ''
  const clients = isOne(grants) ? 'a client' : `clients in ${count(grants)} sign-ins`
  return `Xero has connected ${clients}, but the password store has not taken the key yet. Bookring goes on trying; please do not close it.`
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
    limit:
      'A Xero app may hold only so many connections. At the limit Xero says so on its page. An organisation takes only two apps that Xero has not certified; then its name is grey.',
    otherTitle: 'Someone else’s sign-in',
    other: 'Sign out at Xero, then press Open again.',
    logout: 'Sign out at Xero',
  },
  cancelled: 'Sign-in cancelled. Nothing was changed.',
  cancelledWaiting:
    'Cancelled. If you still allow access in the browser, Bookring will add the client.',
  cancelledLate: 'Xero had answered already. Bookring goes on and adds what was connected.',
  /** Ends that came at the same moment as the one shown. */
  moreLate: (ends: number) =>
    isOne(ends)
      ? 'Another sign-in has ended too; the list shows what it brought.'
      : `${count(ends)} other sign-ins have ended too; the list shows what they brought.`,
  closedByDemo:
    'Allowing access in the browser no longer reaches Bookring: the cancelled sign-in ended with the change of the data.',
  noBrowser: 'No browser? Copy the link.',
  goesOn: 'Xero has connected the client. Bookring goes on reading it by itself.',
}
