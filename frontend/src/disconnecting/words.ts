/** The words of disconnecting and forgetting: the question before, and the result after. */
import type { DisconnectEffect, DisconnectResult, Plan } from '../backend'
import { count, inSentence, isOne, listed, organisations } from '../shared/format'
import { sentence, sentences, trouble, type Told } from '../shared/words'

export const telling = 'Telling Xero…'

const kept = 'The history is kept.'

/** The choice to keep the names of forgotten organisations in the history. */
export function keepName(plan: Plan): string {
  const [first] = plan.organisations
  return plan.count === 1 && first
    ? `Keep ${inSentence(first.name)} in the history`
    : 'Keep the names in the history'
}

/** Before holds the dialog's words about a plan. */
export interface Before {
  title: string
  lede: string
  /** The label of the button that disconnects. */
  button: string
}

/** before returns the words about a plan. keepName is the user's choice while forgetting. */
export function before(plan: Plan, keepName = false): Before {
  const [first] = plan.organisations
  const what =
    plan.count === 1 && first ? inSentence(first.name) : organisations(plan.count).toLowerCase()
  if (plan.signIn !== '') {
    const unreachable = plan.organisations.every((o) => o.through.length === 0)
    const tells = unreachable
      ? 'This sign-in has ended, so Xero cannot be told through it. Bookring removes it'
      : 'Bookring tells Xero to end every connection of this sign-in, then removes the sign-in'
    if (plan.count === 0) {
      return {
        title: `Remove the sign-in of ${inSentence(plan.signIn)}?`,
        lede: `It carries no organisation. Its key is deleted from the password store. ${kept}`,
        button: 'Remove the sign-in',
      }
    }
    return {
      title: `Disconnect all of ${inSentence(plan.signIn)}?`,
      lede: `${tells}: its key is deleted from the password store. The rows stay in the list. ${kept}`,
      button: 'Disconnect and remove',
    }
  }
  const one = isOne(plan.count)
  const ends = `Bookring tells Xero to end the ${one ? 'connection' : 'connections'}`
  if (plan.forget) {
    const disconnects = plan.organisations.some((o) => o.through.length > 0)
    const deletes = `deletes what it knows of ${one ? 'it' : 'them'}`
    const names = one ? 'The name leaves' : 'The names leave'
    const history = keepName
      ? kept
      : `${names} the history too. Earlier copies in the data folder still hold ${one ? 'it' : 'them'}: backups for seven days of use, a damaged list for a month or longer.`
    return {
      title: `Forget ${what}?`,
      lede: `${disconnects ? `${ends}, then` : 'Bookring'} ${deletes}. ${history} Connected again later, ${one ? 'it starts' : 'they start'} anew here. This cannot be undone.`,
      button: `Forget ${organisations(plan.count)}`,
    }
  }
  return {
    title: `Disconnect ${what}?`,
    lede: `${ends}. The ${one ? 'row stays' : 'rows stay'} in the list, with what was last known. ${kept}`,
    button: `Disconnect ${organisations(plan.count)}`,
  }
}

/** consequences lists the effects on one organisation, a sentence each. */
export function consequences(d: DisconnectEffect, forget: boolean): string[] {
  const said: string[] = []
  if (d.through.length > 0) said.push(`Disconnected at Xero through ${people(d.through)}.`)
  for (const name of d.ended) {
    said.push(
      `The sign-in of ${inSentence(name)} has ended, so Xero cannot be told: the connection there stays until ${inSentence(name)} signs in again, or removes it in Xero under Connected apps.`,
    )
  }
  if (d.through.length === 0 && d.ended.length === 0) said.push('Xero does not list it any more.')
  if (d.staying.length > 0) said.push(`It stays connected through ${people(d.staying)}.`)
  if (forget && d.through.length === 0) said.push('It is forgotten at once.')
  return said
}

export const more = (n: number): string => `and ${count(n)} more`

/** after reports the completed disconnects and the pending ones. */
export function after(plan: Plan, result: DisconnectResult): Told {
  const [first] = plan.organisations
  const done = result.count - result.pending - result.staying
  const verb = plan.forget ? 'Forgot' : 'Disconnected'
  const lines: string[] = []
  const waits = isOne(result.pending) ? 'waits' : 'wait'
  if (result.pending > 0 && done > 0) {
    lines.push(`${count(result.pending)} ${waits} until Xero can be told.`)
  }
  if (result.pending === 0 && result.revokePending) {
    lines.push(`The sign-in of ${inSentence(plan.signIn)} is removed as soon as Xero can be told.`)
  }
  if (plan.signIn !== '' && done > 0 && result.pending === 0 && !result.revokePending) {
    lines.push(`The sign-in of ${inSentence(plan.signIn)} was removed.`)
  }
  if (result.staying > 0) {
    const stay = isOne(result.staying) ? 'stays' : 'stay'
    lines.push(`${count(result.staying)} ${stay} connected through another sign-in.`)
  }
  if (result.failed) lines.push(untold(result.failed))
  if (result.stillConnected > 0) {
    const still = isOne(result.stillConnected) ? 'is' : 'are'
    lines.push(
      `${count(result.stillConnected)} ${still} still connected at Xero through a sign-in that has ended.`,
    )
  }
  if (result.pending > 0 && done === 0) {
    const title = `${organisations(result.pending)} ${waits} until Xero can be told`
    return { tone: 'warn', title, lines }
  }
  const calm = result.pending === 0 && result.stillConnected === 0 && !result.revokePending
  const what =
    done === 1 && result.count === 1 && first ? inSentence(first.name) : organisations(done)
  const title =
    done === 0 && plan.signIn !== '' && !result.revokePending
      ? `Removed the sign-in of ${inSentence(plan.signIn)}`
      : `${verb} ${what}`
  return { tone: calm ? 'ok' : 'warn', title, lines }
}

/** untold gives the reason why Xero was not told. A limit of Xero's has an end, known to Go. */
function untold({ code, detail }: NonNullable<DisconnectResult['failed']>): string {
  const then =
    code === 'xero-rate-limit'
      ? `Bookring tells Xero ${detail}, by itself.`
      : 'Bookring keeps trying by itself.'
  return sentences(sentence(trouble(code).words), then)
}

function people(names: string[]): string {
  return listed(names.map((name) => inSentence(name)))
}
