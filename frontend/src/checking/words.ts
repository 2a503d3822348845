/** The words of a check: its progress, its result, and the reason for a failure. */
import type { Check, Overview, Part, Row } from '../backend'
import { asAt, count, inSentence, isOne, organisations, until } from '../shared/format'
import { sentence, sentences, trouble } from '../shared/words'

/** Read counts the organisations asked for their details in a check, of all that Xero lists. */
export interface Read {
  asked: number
  all: number
}

const partly = ({ asked, all }: Read): string => `${count(asked)} of ${organisations(all)}`

export const checking = {
  now: 'Check now',
  starting: 'Checking…',
  stop: 'Stop',
  stopping: 'Stopping…',
  progress: ({ done, total }: Check) =>
    `Checking ${count(Math.min(done + 1, total))} of ${count(total)} ${isOne(total) ? 'sign-in' : 'sign-ins'}`,
  reading: ({ details: { done, total } }: Check) =>
    `Reading details ${count(Math.min(done + 1, total))} of ${count(total)}`,
  stopped: (read: Read) =>
    read.asked < read.all
      ? `Check stopped after ${partly(read)}. What it found is shown.`
      : 'Check stopped. What it found is shown.',
  limit: (limitUntil: string, now: number) =>
    `Xero allows no more requests until ${until(limitUntil, now)}. Bookring goes on by itself then; nothing is lost.`,
  /** The result of a check that met a limit: what was checked before the limit stays true. */
  limited: (limitUntil: string, read: Read, now: number): string =>
    sentences(
      read.asked > 0 && read.asked < read.all ? `Checked ${partly(read)}.` : '',
      checking.limit(limitUntil, now),
    ),
  ended: (
    { attention: n, counts }: Pick<Overview, 'attention' | 'counts'>,
    unchecked: Row | null,
    read: Read,
  ): string => {
    if (unchecked) return sentences(sentence(trouble(unchecked.trouble).words), 'Nothing is lost.')
    const attention = n > 0 ? `${organisations(n)} ${isOne(n) ? 'needs' : 'need'} attention.` : ''
    if (read.asked < read.all) {
      return sentences(
        `Checked ${partly(read)}. Bookring asks for the rest later, by itself.`,
        attention,
      )
    }
    if (n > 0) return `Checked. ${attention}`
    return counts.every(({ status }) => status === 'connected')
      ? 'Checked. Every organisation is connected.'
      : 'Checked. Nothing needs attention.'
  },
  /** What Bookring did not understand of the list of a sign-in. */
  part: ({ signIn, entries, odd, cut }: Part): string => {
    const whose = `Xero’s list for ${inSentence(signIn)}`
    const kept = 'What it understood is shown; from the rest it concludes nothing, and asks again.'
    if (entries === 0) return sentences(`Part of ${whose} was not understood.`, kept)
    const all = `${count(entries)} ${isOne(entries) ? 'entry' : 'entries'}`
    if (odd === 0) return sentences(`${whose} was cut off after ${all}.`, kept)
    const were = isOne(odd) ? 'was' : 'were'
    const also = cut ? ', and the list was cut off' : ''
    return sentences(`${count(odd)} of ${all} of ${whose} ${were} not understood${also}.`, kept)
  },
  /**
   * The reason for an outdated list. others: other organisations were checked. tried is the time of
   * the last attempt (RFC 3339), or "".
   */
  unchecked: (
    { trouble: code, shared, lastChecked }: Row,
    others: boolean,
    tried: string,
    limitUntil: string,
    now: number,
  ): string => {
    const { words, advice } = trouble(code)
    const again = limitUntil === '' ? '' : `, and allows them again ${until(limitUntil, now)}`
    const at = `${words}${tried !== '' ? ` at ${asAt(tried, now)}` : ''}${again}`
    const old = asAt(lastChecked, now, true)
    const shown =
      shared && !others
        ? `What you see is as at ${old}; nothing is lost.`
        : `Some organisations were not checked and are as at ${old}; nothing is lost.`
    return sentences(sentence(at), shown, advice)
  },
}
