/** What is said of an organisation's status: in words, never by colour alone. */
import type { Row } from '../backend'
import { ending } from '../words/ending'
import { inSentence } from '../shared/format'
import { trouble } from '../shared/words'

/**
 * What the button of a row does: begin a sign-in, of a certain person or not,
 * connect what was disconnected here, or check.
 */
export type Step = 'sign-in' | { signInAs: string } | { connectAgain: string } | 'check'

/** What of a row its status's words depend on. */
export type Described = Pick<
  Row,
  'id' | 'status' | 'signIns' | 'carrier' | 'ending' | 'trouble' | 'pending'
>

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

/** What of a disconnected organisation is not done yet: in a sentence, and briefly. */
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
    case 'disconnected': {
      const { reason, brief } = pending[row.pending] ?? {
        reason: '',
        brief: 'What was known is kept',
      }
      return {
        label: 'Disconnected',
        tone: 'idle',
        reason: ['Disconnected here, on purpose. What was known of it is kept.', reason]
          .filter(Boolean)
          .join(' '),
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

/** counted names a status beside the number of organisations that have it. */
export function counted(name: string): string {
  const { label } = status({
    id: '',
    status: name,
    signIns: [],
    carrier: '',
    ending: '',
    trouble: '',
    pending: '',
  })
  return label.replace(/^./, (first) => first.toLowerCase())
}
