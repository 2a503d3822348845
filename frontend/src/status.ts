/** What is said of an organisation's status: in words, never by colour alone. */
import type { Row } from './backend'
import { ending } from './ending'
import { inSentence } from './format'
import { trouble } from './trouble'

/** What the button of a row does: begin a sign-in, of a certain person or not, or check. */
export type Step = 'sign-in' | { signInAs: string } | 'check'

/** A status's words, how they look, why it is so, and what to do about it. */
export interface StatusWords {
  label: string
  tone: 'ok' | 'warn' | 'bad' | 'idle'
  /** Why, in whole sentences, and in a few words for the row. */
  reason: string
  brief: string
  /** The next step, and its button; none where nothing has to be done. */
  next: { label: string; step: Step } | null
}

/** status returns the words for an organisation's status. */
export function status(
  row: Pick<Row, 'status' | 'signIns' | 'carrier' | 'ending' | 'trouble'>,
): StatusWords {
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
        next: { label: `As ${who}`, step: { signInAs: row.carrier } },
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
        reason: `${[`${words}.`, advice].filter(Boolean).join(' ')} What is shown is from the last check that worked.`,
        brief: words,
        next: { label: 'Check now', step: 'check' },
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

/** counted names a status beside the number of organisations that have it. */
export function counted(name: string): string {
  const { label } = status({ status: name, signIns: [], carrier: '', ending: '', trouble: '' })
  return label.replace(/^./, (first) => first.toLowerCase())
}
