/** What is said of a sign-in: how it stands, until when it is kept, what it carries. */
import type { EndingSoon, SignInRow } from '../backend'
import { ending as why } from '../words/ending'
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
import type { Told } from '../signin/words'
import { trouble } from '../shared/words'

/** A state's words, how they look, and why it is so. */
export interface StateWords {
  label: string
  tone: 'ok' | 'warn' | 'idle'
  /** Why, in whole sentences; "" where the label says it all. */
  reason: string
}

/** state returns the words for how a sign-in stands. */
export function state(row: Pick<SignInRow, 'state' | 'reason' | 'soon'>): StateWords {
  switch (row.state) {
    case 'kept':
      return { label: 'Kept', tone: 'ok', reason: '' }
    case 'session':
      return { label: 'For this session only', tone: 'idle', reason: '' }
    case 'unchecked': {
      const { words, advice } = trouble(row.reason)
      return {
        label: 'Not checked',
        tone: 'idle',
        reason: [`${words}.`, advice, 'It is kept all the same.'].filter(Boolean).join(' '),
      }
    }
    default:
      return { label: 'Ended', tone: 'warn', reason: why(row.reason).words }
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

/** renewed is what is told of a renewal that the person asked for. */
export function renewed(name: string, until: string, now: number): Told {
  const lines = until === '' ? [] : [`It is kept until ${date(until)}, ${inDays(until, now)}.`]
  return { tone: 'ok', title: `${person(name)}’s sign-in is renewed`, lines }
}

/** ending says of the sign-in that ends first what will happen, and of the others that they follow. */
export function ending(soon: readonly EndingSoon[], now: number): string {
  const [first, ...others] = soon
  if (!first) return ''
  const until = date(first.keptUntil)
  const whose = `${person(first.name)}’s sign-in`
  const says =
    Date.parse(first.keptUntil) <= now
      ? `${whose} was kept until ${until} and may have ended.`
      : `${whose} ends on ${until}, ${inDays(first.keptUntil, now)}, unless it is renewed.`
  if (others.length === 0) return says
  return `${says} ${count(others.length)} more ${isOne(others.length) ? 'ends' : 'end'} soon.`
}

/** keptUntil says until when, and how far off that is: ["21 Jan 2027", "in 60 days"]. */
export function keptUntil(row: SignInRow, now: number): [when: string, distance: string] {
  if (row.state === 'session') return [signIns.untilClosed, '']
  if (row.keptUntil === '') return [signIns.notKnown, '']
  return [date(row.keptUntil), inDays(row.keptUntil, now)]
}

/** when says a past moment shortly and exactly, or that it is not known. */
export function when(at: string, now: number): string {
  if (at === '') return '–'
  return isToday(at, now) ? `Today ${asAt(at, now)}` : asAt(at, now, true)
}

/** carries sums up what a sign-in reaches. */
export function carries({ organisations: all, state: how }: SignInRow): string {
  const has = how === 'ended' ? 'Carried' : 'Carries'
  return all === 0 ? `${has} no organisation` : `${has} ${organisations(all)}`
}

/** counted is a number beside a heading. */
export const counted = (n: number): string => count(n)

/** more counts the organisations that are not named. */
export const more = (n: number): string => `and ${count(n)} more`

/** person names somebody in a sentence. */
export const person = (name: string): string => (name === '' ? signIns.unnamed : inSentence(name))
