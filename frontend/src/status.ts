/** What is said of an organisation's status: in words, never by colour alone. */
import type { Row } from './backend'
import { inSentence } from './format'

/** A status's words, how they look, and why it is so. */
export interface StatusWords {
  label: string
  tone: 'ok' | 'warn' | 'bad' | 'idle'
  reason: string
}

/** status returns the words for an organisation's status. */
export function status(row: Pick<Row, 'status' | 'signIns'>): StatusWords {
  const who = row.signIns[0] ? inSentence(row.signIns[0]) : 'someone who may see it'
  switch (row.status) {
    case 'connected':
      return { label: 'Connected', tone: 'ok', reason: 'Xero listed it at the last check.' }
    case 'sign-in-again':
      return {
        label: 'Sign in again',
        tone: 'warn',
        reason: `Its sign-in has ended. Press Connect another organisation and sign in as ${who}.`,
      }
    case 'removed':
      return {
        label: 'Removed in Xero',
        tone: 'bad',
        reason:
          'Xero no longer lists it. Press Connect another organisation and choose it again there.',
      }
    case 'no-access':
      return {
        label: 'No access',
        tone: 'bad',
        reason:
          'Xero lists it but refuses its data: a role changed, or a trial ended. Ask the client’s administrator.',
      }
    default:
      return { label: 'Not known', tone: 'idle', reason: 'This Bookring does not know the status.' }
  }
}
