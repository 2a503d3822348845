/** The drawn rows of a long list, and the moves of the focus. */

/** The height of a row in pixels; style and arithmetic both use it. */
export const rowHeight = 46
/** The height of the header row in pixels; style and arithmetic both use it. */
export const headerHeight = 34
/** Rows drawn above and below the visible rows. */
const spare = 8
/** The height assumed before the first measurement. */
const unmeasured = 24 * rowHeight

/** Rows first to last, both included; last is before first in an empty list. */
export interface Range {
  first: number
  last: number
}

/** visible returns the rows to draw. scrolled and height are in pixels. */
export function visible(rows: number, scrolled: number, height: number): Range {
  const seen = Math.ceil((height || unmeasured) / rowHeight)
  const top = Math.min(Math.max(0, Math.floor(scrolled / rowHeight)), Math.max(0, rows - seen))
  return { first: Math.max(0, top - spare), last: Math.min(rows - 1, top + seen + spare) }
}

/** moved returns the row reached by a key, or null for a key without effect on rows. */
export function moved(key: string, from: number, rows: number, height: number): number | null {
  const page = Math.max(1, Math.floor((height || unmeasured) / rowHeight) - 2)
  const to: Record<string, number> = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + page,
    PageUp: from - page,
    Home: 0,
    End: rows - 1,
  }
  const row = to[key]
  return row === undefined || !Object.hasOwn(to, key)
    ? null
    : Math.min(Math.max(0, row), Math.max(0, rows - 1))
}

/** scrollFor returns the scroll position nearest to the present position in which a row is visible. */
export function scrollFor(row: number, scrolled: number, height: number): number {
  const top = row * rowHeight
  const room = (height || unmeasured) - rowHeight
  return Math.max(0, Math.min(top, Math.max(scrolled, top - room)))
}
