/** The words of the sign-ins: their states, their expiry, and the organisations behind them. */
import type { NearExpiry, SignInRow } from '../backend'
import {
  asAt,
  count,
  date,
  inDays,
  inSentence,
  isOne,
  isToday,
  organisations,
} from '../shared/format'
import { ending as endingOf, sentence, sentences, trouble, type Told } from '../shared/words'

/** StateWords are the words for a state of a sign-in, with their tone and the reason. */
export interface StateWords {
  label: string
  tone: 'ok' | 'warn' | 'idle'
  /** The reason in whole sentences, or "". */
  reason: string
}

/** state returns the words for a sign-in's state. */
export function state(row: Pick<SignInRow, 'state' | 'reason' | 'nearExpiry'>): StateWords {
  switch (row.state) {
    case 'saved':
      return { label: 'Kept', tone: 'ok', reason: '' }
    case 'session':
      return { label: 'For this session only', tone: 'idle', reason: '' }
    case 'unchecked': {
      const { words, advice } = trouble(row.reason)
      return {
        label: 'Not checked',
        tone: 'idle',
        reason: sentences(sentence(words), advice, 'It is kept all the same.'),
      }
    }
    default:
      return { label: 'Ended', tone: 'warn', reason: endingOf(row.reason).words }
  }
}

export const signIns = {
  title: 'Sign-ins',
  lede: 'Each person who signed in to Xero, until when that is kept, and what would be lost without it.',
  loading: 'Reading the sign-ins…',
  none: 'Nobody has signed in yet',
  noneText: 'Connect a client’s organisation: whoever signs in to Xero for it is listed here.',
  since: 'Signed in',
  renewed: 'Last renewed',
  until: 'Kept until',
  ended: 'Ended',
  untilClosed: 'until Bookring closes',
  notKnown: 'known at the next renewal',
  renew: 'Renew now',
  renewing: 'Renewing…',
  leave: (all: number): string => (all === 0 ? 'Remove this sign-in…' : 'Disconnect all…'),
  alone: 'Only through this sign-in',
  shared: 'Through others too',
  list: 'Show them in the list, by sign-in',
  listed: 'The list is in order of sign-in.',
  unnamed: 'Unnamed person',
}

export const calendar = {
  save: 'Save calendar file…',
  saving: 'Where shall it be?',
  saved: {
    tone: 'ok',
    title: 'The calendar file was saved',
    lines: ['Open it to put the dates into your calendar.'],
  } satisfies Told,
}

/** renewed reports a renewal that the user asked for. */
export function renewed(name: string, until: string, now: number): Told {
  const lines = until === '' ? [] : [`It is kept until ${date(until)}, ${inDays(until, now)}.`]
  return { tone: 'ok', title: `${person(name)}’s sign-in is renewed`, lines }
}

/** ending announces the sign-in that expires first, and counts the others that expire soon. */
export function ending(soon: readonly NearExpiry[], now: number): string {
  const [first, ...others] = soon
  if (!first) return ''
  const until = date(first.expiresAt)
  const whose = `${person(first.name)}’s sign-in`
  const says =
    Date.parse(first.expiresAt) <= now
      ? `${whose} was kept until ${until} and may have ended.`
      : `${whose} ends on ${until}, ${inDays(first.expiresAt, now)}, unless it is renewed.`
  if (others.length === 0) return says
  return `${says} ${count(others.length)} more ${isOne(others.length) ? 'ends' : 'end'} soon.`
}

/** expiresAt returns the expiry and its distance: ["21 Jan 2027", "in 60 days"]. */
export function expiresAt(row: SignInRow, now: number): [when: string, distance: string] {
  if (row.state === 'session') return [signIns.untilClosed, '']
  if (row.expiresAt === '') return [signIns.notKnown, '']
  return [date(row.expiresAt), inDays(row.expiresAt, now)]
}

/** when writes a past time, or a dash for an unknown time. */
export function when(at: string, now: number): string {
  if (at === '') return '–'
  return isToday(at, now) ? `Today ${asAt(at, now)}` : asAt(at, now, true)
}

/** carries counts the organisations that a sign-in reaches. */
export function carries({ organisations: all, state: how }: SignInRow): string {
  const has = how === 'ended' ? 'Carried' : 'Carries'
  return all === 0 ? `${has} no organisation` : `${has} ${organisations(all)}`
}

/** counted writes the number beside a heading. */
export const counted = (n: number): string => count(n)

/** more counts the organisations without a name on the card. */
export const more = (n: number): string => `and ${count(n)} more`

/** person writes a user's name inside a sentence. */
export const person = (name: string): string => (name === '' ? signIns.unnamed : inSentence(name))
