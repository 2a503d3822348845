import type { Component } from 'svelte'
import type { Row, Sort } from '../backend'
import { countryName } from '../shared/format'
import CountryCell from './CountryCell.svelte'
import CurrencyCell from './CurrencyCell.svelte'
import NameCell from './NameCell.svelte'
import NextStepCell from './NextStepCell.svelte'
import PlaceCell from './PlaceCell.svelte'
import SignInsCell from './SignInsCell.svelte'
import StatusCell from './StatusCell.svelte'
import { table, type Step } from './words'

/** The props of every cell. */
export interface CellProps {
  row: Row
  /** Another fetched row has the same name. */
  twin: boolean
  /** 0 in the active row, −1 in every other row. */
  tabindex: number
  /** Takes the next step of the row. */
  onstep: (step: Step) => unknown
}

/** Column is one column of the list. The head and each row loop over the same columns. */
export interface Column {
  /** The CSS class of the cells. */
  key: string
  header: string
  cell: Component<CellProps>
  /** The order of the list after a press on the header. */
  sort: Sort
  /** The text shown while the pointer rests on the cell. */
  title?: (row: Row) => string
  /** The width in pixels, for text of the usual size. Without a width the column takes the rest of the list. */
  width?: number
  /** Whether the cells lie below the cells of the column before. */
  below?: boolean
}

const name: Column = {
  key: 'name',
  header: table.columns.name,
  cell: NameCell,
  sort: 'name',
  title: (row) => row.name,
}

const status: Column = {
  key: 'status',
  header: table.columns.status,
  cell: StatusCell,
  sort: 'status',
  width: 164,
}

const next: Column = {
  key: 'next',
  header: table.columns.next,
  cell: NextStepCell,
  sort: 'last-checked',
  width: 204,
}

const signIns: Column = {
  key: 'sign-ins',
  header: table.columns.signIns,
  cell: SignInsCell,
  sort: 'sign-in',
  title: (row) => row.signIns.join(', '),
  width: 144,
}

const country: Column = {
  key: 'country',
  header: table.columns.country,
  cell: CountryCell,
  sort: 'country',
  title: (row) => countryName(row.country),
  width: 136,
}

const currency: Column = {
  key: 'currency',
  header: table.columns.currency,
  cell: CurrencyCell,
  sort: 'currency',
  width: 86,
}

/** Country and currency in one narrow column. */
const place: Column = { ...country, key: 'place', cell: PlaceCell, width: 92 }

/** Layout is the form of the list for a certain width. */
export interface Layout {
  /** The CSS class of the list. */
  key: 'full' | 'wide' | 'medium' | 'small' | 'stacked'
  /** The columns in their order. The cells of the first column are the headers of the rows. */
  columns: readonly [Column, ...Column[]]
  /** The height of a row in pixels, for text of the usual size. */
  row: number
  /** The width beside the name: the checkbox, and the letters before the name. */
  beside: number
}

/** The form of the narrowest list: each row has two lines, and the next step lies below the status. */
const stacked: Layout = {
  key: 'stacked',
  columns: [name, status, { ...next, width: 0, below: true }],
  row: 62,
  beside: 44,
}

/** The layouts, widest first. The user needs the name and the next step more than the country. */
export const layouts: readonly Layout[] = [
  { key: 'full', columns: [name, status, next, signIns, country, currency], row: 46, beside: 82 },
  { key: 'wide', columns: [name, status, next, signIns, place], row: 46, beside: 82 },
  { key: 'medium', columns: [name, status, next, signIns], row: 46, beside: 44 },
  { key: 'small', columns: [name, status, next], row: 46, beside: 44 },
  stacked,
]

/** The least width of a name in pixels, for text of the usual size: about 24 letters. */
const nameWidth = 196
/** The space left and right of the list in pixels. */
const margins = 40

/** layoutFor returns the widest layout with room for the names. width is in pixels, for text of the usual size. */
export function layoutFor(width: number): Layout {
  const fits = ({ columns, beside }: Layout) =>
    columns.reduce((sum, c) => sum + (c.width ?? nameWidth), margins + beside) <= width
  return layouts.find(fits) ?? stacked
}
