/** What a list that was damaged or lost has become: in the notice, and aloud. */
import type { Recovery } from '../backend'
import { asAt, count, isOne, organisations } from '../shared/format'
import type { Told } from '../signin/words'

/** recovered says what came back, and where the rest is. */
export function recovered(r: Recovery, now: number): Told {
  const lines = [r.backupAt === '' ? rebuilt(r) : restored(r, now)]
  if (r.kept !== '') {
    const missing =
      r.backupAt === '' ? 'History and settings from before' : 'What was written down after that'
    const are = r.backupAt === '' ? 'are' : 'is'
    lines.push(`${missing} ${are} only in the damaged file, which is kept in ${r.kept}.`)
  }
  return { tone: 'info', title: title(r), lines }
}

function title(r: Recovery): string {
  if (!r.lost) return 'The list was missing sign-ins'
  return r.kept === '' ? 'The list was missing' : 'The list was damaged'
}

function restored(r: Recovery, now: number): string {
  const from = `Bookring restored it from ${asAt(r.backupAt, now, true)}`
  if (r.waiting) return `${from} and checks it with Xero as soon as it can.`
  return r.checked === 0
    ? `${from}.`
    : `${from} and has checked ${organisations(r.checked)} with Xero.`
}

function rebuilt(r: Recovery): string {
  if (!r.asked) return 'Bookring rebuilds it as soon as this computer’s password store answers.'
  if (r.signIns === 0) {
    return 'This computer’s password store holds no sign-in, so Bookring began a new list. Please connect your organisations again.'
  }
  const signIns = `${count(r.signIns)} ${isOne(r.signIns) ? 'sign-in' : 'sign-ins'}`
  const from = `with ${signIns} from this computer’s password store`
  if (r.waiting) return `Bookring rebuilds it ${from}, as soon as Xero can be asked.`
  return `Bookring rebuilt it ${from}: ${organisations(r.checked)} came back from Xero.`
}
