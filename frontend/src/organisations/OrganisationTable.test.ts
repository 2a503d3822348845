import { render, screen, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { tick } from 'svelte'
import { expect, test, vi } from 'vitest'
import { unruly } from '../../e2e/organisations'
import type { Row } from '../backend'
import { layoutFor } from './columns'
import { List } from './list.svelte'
import { Selection } from './selection.svelte'
import { go, organisations as made, settled } from '../test/go'
import OrganisationTable from './OrganisationTable.svelte'

async function table(rows: Row[]) {
  const double = go({ rows })
  const list = new List()
  await list.reload()
  const onstep = vi.fn()
  const selection = new Selection(list, () => {})
  const { container } = render(OrganisationTable, { list, selection, onstep })
  await settled()
  await tick()
  const drawn = () => container.querySelectorAll<HTMLElement>('tr[data-index]')
  return { double, list, selection, container, drawn, onstep }
}

const focused = () => Number((document.activeElement as HTMLElement).dataset.index)

test('10,000 organisations are about 40 rows in the document', async () => {
  const { drawn } = await table(made(10_000))
  expect(drawn().length).toBeGreaterThan(20)
  expect(drawn().length).toBeLessThanOrEqual(48)
  expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe('10001')
  expect(drawn()[0]?.getAttribute('aria-rowindex')).toBe('2')
})

test('the table has a name, and a row begins with the name and the status in words', async () => {
  await table(made(9))
  const named = screen.getByRole('table', { name: 'Organisations' })
  const [, first] = within(named).getAllByRole('row')
  expect(
    within(first as HTMLElement)
      .getByRole('rowheader')
      .textContent?.trim(),
  ).toBe('Harbour Builders')
  expect(
    within(first as HTMLElement)
      .getAllByRole('cell')[0]
      ?.textContent?.trim(),
  ).toBe('Sign in again')
})

test('the keys move from row to row and stop at the ends', async () => {
  const user = userEvent.setup()
  const { drawn } = await table(made(1000))
  drawn()[0]?.focus()
  await user.keyboard('{ArrowDown}{ArrowDown}')
  expect(focused()).toBe(2)
  await user.keyboard('{ArrowUp}')
  expect(focused()).toBe(1)
  await user.keyboard('{End}')
  await settled()
  expect(focused()).toBe(999)
  await user.keyboard('{PageUp}')
  expect(focused()).toBe(977)
  await user.keyboard('{Home}{ArrowUp}')
  expect(focused()).toBe(0)
})

test('the keys work after the row with the focus was scrolled away', async () => {
  const user = userEvent.setup()
  const { container, drawn } = await table(made(1000))
  drawn()[3]?.focus()
  const scroller = container.querySelector('.scroller') as HTMLElement
  scroller.scrollTop = 500 * 46
  scroller.dispatchEvent(new Event('scroll'))
  await tick()
  expect(document.activeElement).toBe(scroller)
  await user.keyboard('{ArrowDown}')
  await settled()
  expect(focused()).toBe(4)
})

test('only the active row is a stop of the Tab key', async () => {
  const { drawn } = await table(made(100))
  expect([...drawn()].filter((row) => row.tabIndex === 0)).toHaveLength(1)
})

test('a row that needs attention shows the reason with the focus', async () => {
  const { drawn } = await table(made(12))
  expect(screen.queryByText(/sign in as Jo Whitmore/)).toBeNull()
  drawn()[0]?.focus()
  await tick()
  expect(screen.getByText(/Its sign-in has ended. .* sign in as Jo Whitmore/)).toBeTruthy()
  ;(document.activeElement as HTMLElement).blur()
  await tick()
  expect(drawn()[0]?.classList.contains('explained')).toBe(true)
  drawn()[11]?.focus()
  await tick()
  expect(document.querySelector('.explained')).toBeNull()
})

test('screen readers read every sign-in of an organisation; the first is visible with a number', async () => {
  const [row] = made(1)
  if (!row) throw new Error('no row')
  const { container } = await table([{ ...row, signIns: ['Aroha Ngata', 'Jo Whitmore', 'Sam'] }])
  const cell = container.querySelector('td:has(.people)') as HTMLElement
  expect(cell.textContent?.trim()).toBe('Aroha Ngata, Jo Whitmore, Sam')
  expect(cell.title).toBe('Aroha Ngata, Jo Whitmore, Sam')
  expect(cell.querySelector('small')?.dataset.text).toBe('+2')
})

const each = (...statuses: string[]) =>
  made(statuses.length).map((row, i) => ({
    ...row,
    status: statuses[i] ?? '',
    signIns: ['Jo Whitmore'],
    trouble: statuses[i] === 'not-checked' ? 'offline' : '',
  }))

test('every row shows the next step or the time of the last check', async () => {
  await table(each('connected', 'not-checked', 'no-access', 'removed', 'sign-in-again'))
  const cells = screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('cell').slice(0, 2))
    .map((pair) => pair.map((cell) => cell.textContent?.replace(/\s+/g, ' ').trim()))
  expect(cells).toEqual([
    ['Sign in again', 'As Jo Whitmore The sign-in has ended'],
    ['Removed in Xero', 'Connect again Not in Xero’s list any more'],
    ['No access', 'Try again Xero refuses its data'],
    ['Not checked', expect.stringMatching(/^Check now as at .+ Xero could not be reached$/)],
    ['Connected', '2 min ago'],
  ])
})

test.each([
  ['sign-in-again', 'As Jo Whitmore', { signInAs: 'sam' }],
  ['removed', 'Connect again', 'sign-in'],
  ['no-access', 'Try again', 'check'],
  ['not-checked', 'Check now', 'check'],
])('the button of %s asks for its step', async (status, name, step) => {
  const { onstep } = await table(each(status))
  await userEvent.setup().click(screen.getByRole('button', { name }))
  expect(onstep).toHaveBeenCalledExactlyOnceWith(step)
})

test('the Tab key reaches only the button of the active row, and the arrow keys continue from there', async () => {
  const user = userEvent.setup()
  const { drawn } = await table(each('no-access', 'no-access', 'no-access'))
  drawn()[0]?.focus()
  await user.keyboard('{ArrowDown}{Tab}')
  expect(document.activeElement?.closest('tr')).toBe(drawn()[1])
  expect(document.activeElement?.textContent?.trim()).toBe('Try again')
  const stops = screen.getAllByRole('button', { name: 'Try again' }).filter((b) => b.tabIndex === 0)
  expect(stops).toHaveLength(1)
  await user.keyboard('{ArrowDown}')
  expect(focused()).toBe(2)
})

test('the row takes the focus of a button that disappears', async () => {
  const { double, list, drawn } = await table(each('not-checked'))
  screen.getByRole('button', { name: 'Check now' }).focus()
  double.rows = each('connected')
  await list.reload()
  await tick()
  expect(document.activeElement).toBe(drawn()[0])
})

test('a press on a header sorts the list, and aria-sort names the order', async () => {
  const user = userEvent.setup()
  const { drawn } = await table(made(30))
  const sorted = (name: string) =>
    screen.getByRole('columnheader', { name }).getAttribute('aria-sort')
  expect(sorted('Status')).toBe('ascending')
  await user.click(screen.getByRole('button', { name: 'Organisation' }))
  expect(sorted('Organisation')).toBe('ascending')
  expect(sorted('Status')).toBeNull()
  expect(drawn()[0]?.textContent).toContain('Abernathy')
  await user.click(screen.getByRole('button', { name: 'Organisation' }))
  expect(sorted('Organisation')).toBe('descending')
  expect(drawn()[0]?.textContent).toContain('Thistle')
})

test('the target takes the focus, also far down the list', async () => {
  const { double, list } = await table(made(2000))
  const last = double.rows.reduce((a, b) => (a.name > b.name ? a : b))
  await list.show([last.id])
  await settled()
  await tick()
  expect(focused()).toBe(1999)
  expect(document.activeElement?.classList.contains('fresh')).toBe(true)
  expect(list.target).toBeNull()
})

test('hostile names are text and nothing else', async () => {
  const rows = unruly()
  const { container } = await table(rows)
  expect(container.querySelector('img, script, b, a, iframe')).toBeNull()
  for (const { name } of rows.filter((row) => row.name !== '')) {
    expect(screen.getAllByTitle(name)[0]?.textContent).toContain(name)
  }
  expect(screen.getByText('Unnamed organisation')).toBeTruthy()
})

test('part of the ID distinguishes two organisations with the same name', async () => {
  const [row] = made(1)
  if (!row) throw new Error('no row')
  const { container } = await table([row, { ...row, id: '7f3a0000-0000-4000-8000-000000000000' }])
  const pieces = [...container.querySelectorAll('small')].map((piece) => piece.dataset.text)
  expect(pieces).toEqual(['#0000', '#7f3a'])
})

test('the space bar marks rows, and Escape clears the marks', async () => {
  const user = userEvent.setup()
  const { selection, drawn } = await table(made(9))
  drawn()[0]?.focus()
  await user.keyboard(' {ArrowDown} ')
  expect(selection.ids.size).toBe(2)
  const boxes = screen.getAllByRole<HTMLInputElement>('checkbox')
  expect(boxes.map((box) => box.checked).slice(0, 3)).toEqual([true, true, false])
  expect(boxes[0]?.getAttribute('aria-label')).toBe('Select Harbour Builders')
  await user.keyboard(' ')
  expect(selection.ids.size).toBe(1)
  await user.keyboard('{Escape}')
  expect(selection.ids.size).toBe(0)
})

test('Shift marks every row from the last mark, and Ctrl+A every matching row of any number', async () => {
  const user = userEvent.setup()
  const { list, selection, drawn } = await table(made(10_000))
  const boxes = screen.getAllByRole('checkbox')
  await user.click(boxes[6] as HTMLElement)
  await user.keyboard('{Shift>}')
  await user.click(boxes[2] as HTMLElement)
  await user.keyboard('{/Shift}')
  await settled()
  expect(selection.ids.size).toBe(5)
  await list.ask({ search: 'builders' })
  await settled()
  drawn()[0]?.focus()
  await user.keyboard('{Control>}a{/Control}')
  await settled()
  expect(selection.ids.size).toBe(new Set([...selection.ids]).size)
  expect(selection.ids.size).toBeGreaterThanOrEqual(list.matching)
  expect(list.matching).toBe(1000)
})

test('the checkbox of a row follows all other cells', async () => {
  const { drawn } = await table(made(3))
  const cells = [...(drawn()[0]?.children ?? [])]
  expect(cells.at(-1)?.querySelector('input')).toBeTruthy()
  expect(cells.slice(0, -1).some((cell) => cell.querySelector('input'))).toBe(false)
})

test('each cell of a row stands below the header of its column', async () => {
  const { drawn } = await table(made(3))
  const { columns } = layoutFor(Infinity)
  const kinds = (row: Element | null | undefined) =>
    [...(row?.children ?? [])].slice(0, -1).map((cell) => cell.classList[0])
  expect(kinds(document.querySelector('thead tr'))).toEqual(columns.map(({ key }) => key))
  expect(kinds(drawn()[0])).toEqual(columns.map(({ key }) => key))
  expect(screen.getAllByRole('columnheader').map((header) => header.textContent?.trim())).toEqual([
    ...columns.map(({ header }) => header),
    'Selected',
  ])
})
