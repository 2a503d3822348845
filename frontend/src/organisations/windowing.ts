/** The drawn rows of a long list, and the moves of the focus. All heights are in pixels. */

/** The height of the header row, for text of the usual size. */
export const headerHeight = 34
/** Rows drawn above and below the visible rows. */
const spare = 8
/** The number of visible rows assumed before the first measurement. */
const unmeasured = 24

/** Rows first to last, both included; last is before first in an empty list. */
export interface Range {
  first: number
  last: number
}

/** Extent is the visible part of the list. */
export interface Extent {
  /** The height without the header; 0 before the first measurement. */
  height: number
  /** The height of a row. */
  row: number
}

const fitting = ({ height, row }: Extent) => (height > 0 ? height / row : unmeasured)

/** visible returns the rows to draw. */
export function visible(rows: number, scrolled: number, extent: Extent): Range {
  const seen = Math.ceil(fitting(extent))
  const top = Math.min(Math.max(0, Math.floor(scrolled / extent.row)), Math.max(0, rows - seen))
  return { first: Math.max(0, top - spare), last: Math.min(rows - 1, top + seen + spare) }
}

/** moved returns the row reached by a key, or null for a key without effect on rows. */
export function moved(key: string, from: number, rows: number, extent: Extent): number | null {
  const page = Math.max(1, Math.floor(fitting(extent)) - 2)
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
export function scrollFor(index: number, scrolled: number, extent: Extent): number {
  const top = index * extent.row
  const room = fitting(extent) * extent.row - extent.row
  return Math.max(0, Math.min(top, Math.max(scrolled, top - room)))
}
