import type { Component } from 'svelte'
import type { Row, Sort } from '../backend'
import { countryName } from '../shared/format'
import CountryCell from './CountryCell.svelte'
import CurrencyCell from './CurrencyCell.svelte'
import NameCell from './NameCell.svelte'
import NextStepCell from './NextStepCell.svelte'
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
  /** The width; without a width the column takes the rest of the list. */
  width?: string
  /** The width in a list narrower than 1000 pixels, if different. */
  narrow?: string
  /** The width of the list, in pixels, from which the column is visible. */
  from?: 860 | 1000
}

/** The columns in their order. The cells of the first column are the headers of the rows. */
export const columns: readonly [Column, ...Column[]] = [
  {
    key: 'name',
    header: table.columns.name,
    cell: NameCell,
    sort: 'name',
    title: (row) => row.name,
  },
  {
    key: 'status',
    header: table.columns.status,
    cell: StatusCell,
    sort: 'status',
    width: '162px',
  },
  {
    key: 'next',
    header: table.columns.next,
    cell: NextStepCell,
    sort: 'last-checked',
    width: '230px',
    narrow: '204px',
  },
  {
    key: 'sign-ins',
    header: table.columns.signIns,
    cell: SignInsCell,
    sort: 'sign-in',
    title: (row) => row.signIns.join(', '),
    width: '15%',
    narrow: 'max(128px, 19cqi)',
  },
  {
    // The user needs the name and the sign-in more than the country.
    key: 'country',
    header: table.columns.country,
    cell: CountryCell,
    sort: 'country',
    title: (row) => countryName(row.country),
    width: '14%',
    narrow: '84px',
    from: 860,
  },
  {
    // In a narrower list the country's cell also shows the currency.
    key: 'currency',
    header: table.columns.currency,
    cell: CurrencyCell,
    sort: 'currency',
    width: '82px',
    from: 1000,
  },
]

/** cellClass returns the CSS classes of a column's header and cells. */
export const cellClass = ({ key, from }: Column): string =>
  from === undefined ? key : `${key} from-${from}`
