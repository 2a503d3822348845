/** The words of a check: its progress, its result, and the reason for a failure. */
import type { Check, Overview, Row } from '../backend'
import { asAt, count, isOne, organisations, until } from '../shared/format'
import { sentence, sentences, trouble } from '../shared/words'

export const checking = {
  now: 'Check now',
  starting: 'Checking…',
  stop: 'Stop',
  stopping: 'Stopping…',
  progress: ({ done, total }: Check) =>
    `Checking ${count(Math.min(done + 1, total))} of ${count(total)} ${isOne(total) ? 'sign-in' : 'sign-ins'}`,
  reading: ({ details: { done, total } }: Check) =>
    `Reading details ${count(Math.min(done + 1, total))} of ${count(total)}`,
  stopped: 'Check stopped. What it found is shown.',
  limit: (limitUntil: string, now: number) =>
    `Xero allows no more requests until ${until(limitUntil, now)}. Bookring goes on by itself then; nothing is lost.`,
  ended: (
    { attention: n, counts }: Pick<Overview, 'attention' | 'counts'>,
    unchecked: Row | null,
  ): string => {
    if (unchecked) return sentences(sentence(trouble(unchecked.trouble).words), 'Nothing is lost.')
    if (n > 0) return `Checked. ${organisations(n)} ${isOne(n) ? 'needs' : 'need'} attention.`
    return counts.every(({ status }) => status === 'connected')
      ? 'Checked. Every organisation is connected.'
      : 'Checked. Nothing needs attention.'
  },
  /** The reason for an outdated list. tried is the time of the last attempt (RFC 3339), or "". */
  unchecked: (
    { trouble: code, shared, lastChecked }: Row,
    tried: string,
    limitUntil: string,
    now: number,
  ): string => {
    const { words, advice } = trouble(code)
    const again = limitUntil === '' ? '' : `, and allows them again ${until(limitUntil, now)}`
    const at = `${words}${tried !== '' ? ` at ${asAt(tried, now)}` : ''}${again}`
    const old = asAt(lastChecked, now, true)
    const shown = shared
      ? `What you see is as at ${old}; nothing is lost.`
      : `Some organisations were not checked and are as at ${old}; nothing is lost.`
    return sentences(sentence(at), shown, advice)
  },
}
