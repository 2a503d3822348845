/**
 * The format of numbers, dates and names: words in English, numbers and dates
 * in the format of the system's region. Names from Xero become text, never markup.
 */
const english = 'en-GB'
const number = new Intl.NumberFormat()
const plural = new Intl.PluralRules(english)
const list = new Intl.ListFormat(english, { type: 'conjunction' })
const ago = new Intl.RelativeTimeFormat(english, { style: 'short', numeric: 'auto' })
const days = new Intl.RelativeTimeFormat(english, { numeric: 'auto' })
const country = new Intl.DisplayNames([english], { type: 'region', fallback: 'code' })
// The system's region decides the order of a date and the clock of 12 or 24 hours.
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })

const rightToLeft =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u
const longestInSentence = 60

/** count writes a number in the format of the system's region. */
export function count(n: number): string {
  return number.format(n)
}

/** isOne reports whether a number takes the singular. */
export function isOne(n: number): boolean {
  return plural.select(n) === 'one'
}

/** listed joins texts: "A, B and C". */
export function listed(texts: string[]): string {
  return list.format(texts)
}

/** organisations counts organisations: "1 organisation", "2,400 organisations". */
export function organisations(n: number): string {
  return `${count(n)} ${isOne(n) ? 'organisation' : 'organisations'}`
}

/** minutes counts minutes: "1 minute", "12 minutes". */
export function minutes(n: number): string {
  return `${count(n)} ${isOne(n) ? 'minute' : 'minutes'}`
}

/** name returns an organisation's name, or words for an empty name. */
export function name(given: string): string {
  return given === '' ? 'Unnamed organisation' : given
}

/**
 * inSentence prepares a name for a sentence. A very long name is shortened; a
 * right-to-left name is isolated from the direction of the sentence.
 */
export function inSentence(given: string, longest = longestInSentence): string {
  const letters = [...name(given)]
  const short =
    letters.length > longest ? letters.slice(0, longest - 1).join('') + '…' : letters.join('')
  return rightToLeft.test(short) ? `\u2068${short}\u2069` : short
}

/** named lists names in a sentence, at most three of them. */
export function named(names: { name: string }[]): string {
  const some = names.slice(0, 3).map((n) => inSentence(n.name))
  const more = names.length - some.length
  return listed(more > 0 ? [...some, `${count(more)} more`] : some)
}

/** monogram returns the initials of a name, at most two letters. */
export function monogram(given: string): string {
  return name(given)
    .split(' ')
    .map((word) => [...word].find((letter) => /[\p{L}\p{N}]/u.test(letter)) ?? '')
    .filter((letter) => letter !== '')
    .slice(0, 2)
    .join('')
    .toLocaleUpperCase(english)
}

/** countryName returns a country's name, or the code of an unknown country. */
export function countryName(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code
  return country.of(code) ?? code
}

/** checkedAgo writes the approximate age of a check: "2 min ago". */
export function checkedAgo(at: string, now: number): string {
  const then = Date.parse(at)
  if (Number.isNaN(then)) return 'Not yet'
  const passed = Math.max(0, Math.floor((now - then) / 60_000))
  if (passed < 1) return 'Just now'
  if (passed < 60) return ago.format(-passed, 'minute')
  if (passed < 24 * 60) return ago.format(-Math.floor(passed / 60), 'hour')
  return day.format(then)
}

/** date writes a day in the format of the system's region. */
export function date(at: string): string {
  const then = Date.parse(at)
  return Number.isNaN(then) ? '' : day.format(then)
}

/** inDays writes the distance of a day: "in 58 days", "tomorrow", "today", "2 days ago". */
export function inDays(at: string, now: number): string {
  const then = Date.parse(at)
  return Number.isNaN(then) ? '' : days.format(midnights(then) - midnights(now), 'day')
}

/** midnights counts calendar days, not periods of 24 hours. */
function midnights(at: number): number {
  const date = new Date(at)
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000)
}

/** exactTime writes day and time in the format of the system's region. */
export function exactTime(at: string): string {
  const then = Date.parse(at)
  return Number.isNaN(then) ? '' : moment.format(then)
}

/**
 * asAt writes a past time shortly: "14:02", "yesterday", "19 Nov", or with
 * exactly "yesterday 17:30", "19 Nov 17:30". An invalid time gives "".
 */
export function asAt(at: string | number, now: number, exactly = false): string {
  const then = typeof at === 'number' ? at : Date.parse(at)
  if (Number.isNaN(then)) return ''
  const date = new Date(then)
  if (isDay(date, now)) return clock.format(date)
  const before = new Date(now)
  before.setDate(before.getDate() - 1)
  const sameYear = date.getFullYear() === before.getFullYear()
  const which = isDay(date, before.getTime())
    ? 'yesterday'
    : (sameYear ? dayOfYear : day).format(date)
  return exactly ? `${which} ${clock.format(date)}` : which
}

/** until writes a future time: "today 18:40", "tomorrow 06:10", "25 Nov 06:10". */
export function until(at: string, now: number): string {
  const then = Date.parse(at)
  if (Number.isNaN(then)) return ''
  const date = new Date(then)
  const after = new Date(now)
  after.setDate(after.getDate() + 1)
  const which = isDay(date, now)
    ? 'today'
    : isDay(date, after.getTime())
      ? 'tomorrow'
      : dayOfYear.format(date)
  return `${which} ${clock.format(date)}`
}

/** checkedOn writes the time of Xero's last answer: "Checked today 08:42". */
export function checkedOn(at: string, now: number): string {
  const when = asAt(at, now, true)
  if (when === '') return ''
  return isToday(at, now) ? `Checked today ${when}` : `Checked ${when}`
}

/** isToday reports whether a time is on the present day. */
export function isToday(at: string, now: number): boolean {
  return isDay(new Date(at), now)
}

function isDay(date: Date, now: number): boolean {
  return date.toDateString() === new Date(now).toDateString()
}

/** timeLeft writes the minutes and seconds until a deadline: "9:41 left". */
export function timeLeft(deadline: string, now: number): string {
  const left = Math.max(0, Math.ceil((Date.parse(deadline) - now) / 1000))
  if (Number.isNaN(left)) return ''
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')} left`
}

/** andMore counts the names beside the first: "+2". */
export const andMore = (n: number): string => (n > 0 ? `+${count(n)}` : '')
