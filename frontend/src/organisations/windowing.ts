/** Which rows of a long list stand in the window, and where the focus goes. */

/** The height of a row in pixels; style and arithmetic both use it. */
export const rowHeight = 46
/** The height of the row that names the columns, likewise. */
export const headerHeight = 34
/** Rows kept above and below what can be seen. */
const spare = 8
/** What is assumed before the window has been measured. */
const unmeasured = 24 * rowHeight

/** Rows first to last, both included; last is before first in an empty list. */
export interface Range {
  first: number
  last: number
}

/** visible returns the rows to draw for a list of so many, scrolled so far. */
export function visible(rows: number, scrolled: number, height: number): Range {
  const seen = Math.ceil((height || unmeasured) / rowHeight)
  const top = Math.min(Math.max(0, Math.floor(scrolled / rowHeight)), Math.max(0, rows - seen))
  return { first: Math.max(0, top - spare), last: Math.min(rows - 1, top + seen + spare) }
}

/** moved returns the row that a key leads to, or null for a key that is not ours. */
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

/** scrollFor returns how far to scroll so that a row is seen, moving as little as possible. */
export function scrollFor(row: number, scrolled: number, height: number): number {
  const top = row * rowHeight
  const room = (height || unmeasured) - rowHeight
  return Math.max(0, Math.min(top, Math.max(scrolled, top - room)))
}
