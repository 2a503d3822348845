/** The words of the list: its columns, the status of each organisation, and the repair plan. */
import type { Overview, Repair, Row } from '../backend'
import { checkedOn, count, inSentence, isOne, organisations } from '../shared/format'
import { ending, sentence, sentences, trouble } from '../shared/words'

/**
 * Step is the next step of a row: a sign-in by any user or by an expected
 * person, a new connection after a disconnect in Bookring, or a check.
 */
export type Step = 'sign-in' | { signInAs: string } | { connectAgain: string } | 'check'

/** The fields of a row that decide the words of the status. */
export type Described = Pick<
  Row,
  'id' | 'status' | 'signIns' | 'firstSignIn' | 'ending' | 'trouble' | 'pending'
>

/** StatusWords are the words for a status: label, tone, reason and next step. */
export interface StatusWords {
  label: string
  tone: 'ok' | 'warn' | 'bad' | 'idle'
  /** The reason in whole sentences, and in a few words for the row. */
  reason: string
  brief: string
  /** The next step and the label of its button, or null. */
  next: { label: string; step: Step } | null
}

/** The unfinished part of a disconnect: in a sentence, and in a few words. */
const pending: Record<string, { reason: string; brief: string }> = {
  xero: {
    reason: 'Xero will be told as soon as it can be reached; Bookring keeps trying by itself.',
    brief: 'Xero is not told yet',
  },
  forget: {
    reason: 'It is forgotten as soon as Xero was told; Bookring keeps trying by itself.',
    brief: 'Forgotten once Xero was told',
  },
  'sign-in': {
    reason:
      'Its sign-in has ended, so Xero could not be told: the connection there stays until that person signs in again, or removes it in Xero under Connected apps.',
    brief: 'Still connected at Xero',
  },
}

/** status returns the words for an organisation's status. */
export function status(row: Described): StatusWords {
  const who = row.signIns[0] ? inSentence(row.signIns[0]) : 'someone who may see it'
  switch (row.status) {
    case 'connected':
      return {
        label: 'Connected',
        tone: 'ok',
        reason: 'Xero listed it at the last check.',
        brief: '',
        next: null,
      }
    case 'sign-in-again':
      return {
        label: 'Sign in again',
        tone: 'warn',
        reason: `Its sign-in has ended. ${ending(row.ending).words} Nothing else was lost: sign in as ${who}, and it goes on as before.`,
        brief: ending(row.ending).brief,
        next: { label: `As ${who}`, step: { signInAs: row.firstSignIn } },
      }
    case 'removed':
      return {
        label: 'Removed in Xero',
        tone: 'bad',
        reason:
          'The sign-in works, but Xero no longer lists it. Press Connect again and choose it there, if the client agrees.',
        brief: 'Not in Xero’s list any more',
        next: { label: 'Connect again', step: 'sign-in' },
      }
    case 'no-access':
      return {
        label: 'No access',
        tone: 'bad',
        reason:
          'Xero lists it but refuses its data: a role changed, or a trial ended. Ask the client’s administrator, then try again.',
        brief: 'Xero refuses its data',
        next: { label: 'Try again', step: 'check' },
      }
    case 'not-checked': {
      const { words, advice } = trouble(row.trouble)
      return {
        label: 'Not checked',
        tone: 'idle',
        reason: sentences(
          sentence(words),
          advice,
          'What is shown is from the last check that worked.',
        ),
        brief: words,
        next:
          row.trouble === 'scope-missing'
            ? { label: `As ${who}`, step: { signInAs: row.firstSignIn } }
            : { label: 'Check now', step: 'check' },
      }
    }
    case 'disconnected': {
      const { reason, brief } = pending[row.pending] ?? {
        reason: '',
        brief: 'What was known is kept',
      }
      return {
        label: 'Disconnected',
        tone: 'idle',
        reason: sentences('Disconnected here, on purpose. What was known of it is kept.', reason),
        brief,
        next: { label: 'Connect again', step: { connectAgain: row.id } },
      }
    }
    default:
      return {
        label: 'Not known',
        tone: 'idle',
        reason: 'This Bookring does not know the status.',
        brief: '',
        next: null,
      }
  }
}

/** counted names a status beside a number of organisations. */
export function counted(name: string): string {
  const { label } = status({
    id: '',
    status: name,
    signIns: [],
    firstSignIn: '',
    ending: '',
    trouble: '',
    pending: '',
  })
  return label.replace(/^./, (first) => first.toLowerCase())
}

export const table = {
  title: 'Organisations',
  search: 'Search organisations',
  columns: {
    name: 'Organisation',
    status: 'Status',
    next: 'Next or last check',
    signIns: 'Sign-in',
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
  /** The line below the title in a narrow window. */
  under: (matching: string, checkedAt: string, now: number) =>
    `${matching} · ${checkedOn(checkedAt, now)}`,
  /** The number of organisations, and of each status unless all are connected. */
  foot: ({ total, counts }: Pick<Overview, 'total' | 'counts'>): string => {
    const well = counts.filter((c) => c.status === 'connected')
    if (counts.length === well.length) return organisations(total)
    const each = [...well, ...counts.filter((c) => c.status !== 'connected')]
    const words = each.map((c) => `${count(c.organisations)}\u00a0${counted(c.status)}`)
    return `${organisations(total)}: ${words.join(', ')}`
  },
  asAt: (when: string) => `as at ${when}`,
  /** A limit at Xero for one organisation delays only the details of the organisation. */
  detailsFrom: (when: string) => `Details after ${when}`,
}

export const attention = {
  title: (n: number) => `${count(n)} ${isOne(n) ? 'needs' : 'need'} attention.`,
  plain: 'The list says why for each, and what to do.',
  calm: 'Nothing on this computer was lost.',
  /** The title of a plan with a single sign-in. */
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

export const selection = {
  label: 'Selection',
  selected: (n: number): string => `${count(n)} selected`,
  all: (n: number): string => `Select all ${count(n)}`,
  select: (name: string): string => `Select ${name}`,
  column: 'Selected',
  disconnect: 'Disconnect…',
  forget: 'Forget…',
  clear: 'Clear selection',
}
