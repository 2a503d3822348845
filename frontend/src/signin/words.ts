/** What a sign-in that ended well is told as: in the notice, and aloud. */
import type { Connected, Expected, Name } from '../backend'
import { inSentence, isOne, listed, minutes, named, organisations } from '../shared/format'

/** What is said when a sign-in has ended well. */
export interface Told {
  tone: 'ok' | 'info' | 'warn'
  title: string
  lines: string[]
  /** Who did not come: the notice offers to ask for them once more. */
  missed?: Pick<Expected, 'signIn' | 'name'>
}

/** connected says what one trip through the browser brought. */
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

/** instead says that somebody else came than was asked for, and what that means. */
function instead(c: Connected, asked: Expected): Told {
  const [came, other] = [inSentence(c.signIn), inSentence(asked.name)]
  const title = `Signed in as ${came}, not as ${other}`
  const lines: string[] = []
  const arrived = [...c.added, ...c.back]
  if (arrived.length > 0) lines.push(`Connected through ${came} now: ${named(arrived)}.`)
  if (!asked.missed) {
    lines.push(`No organisation waits for ${other} any more.`)
    return { tone: 'info', title, lines }
  }
  const waits = isOne(asked.waiting) ? 'waits' : 'wait'
  const still =
    asked.waiting > 0
      ? `${organisations(asked.waiting)} still ${waits} for ${other}. `
      : `Nothing was changed for ${other}. `
  lines.push(`${still}Sign out at Xero first, then sign in again.`)
  return { tone: 'warn', title, lines, missed: asked }
}

function news(c: Connected): Told {
  const arrived = [...c.added, ...c.back]
  const [first] = arrived
  const now = `${organisations(c.total)} ${isOne(c.total) ? 'is' : 'are'} connected now.`
  if (first && arrived.length === 1) {
    const again = c.back.length === 1 ? ' again' : ''
    return { tone: 'ok', title: `${inSentence(first.name)} is connected${again}`, lines: [now] }
  }
  if (first) {
    return {
      tone: 'ok',
      title: `${organisations(arrived.length)} connected`,
      lines: [`${named(arrived)}.`, now],
    }
  }
  const [known] = c.known
  if (!known) return { tone: 'info', title: 'No organisation was connected', lines: [now] }
  const title =
    c.known.length === 1
      ? `${inSentence(known.name)} was connected already`
      : `These ${organisations(c.known.length)} were connected already`
  const other = 'To connect another, choose a different one on Xero’s page.'
  return { tone: 'info', title, lines: [other, now] }
}

function others(names: Name[]): string {
  return listed(names.map((n) => `${inSentence(n.name)} (${inSentence(n.type).toLowerCase()})`))
}

/** spoken joins what was told into sentences for the status region. */
export function spoken(told: Told): string {
  return [`${told.title}.`, ...told.lines].join(' ')
}
