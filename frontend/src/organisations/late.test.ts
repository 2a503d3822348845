import { render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import App from '../App.svelte'
import type { Connected } from '../backend'
import { called, go, organisations, rest } from '../test/go'
import { button } from '../test/window'
import { hold } from '../test/hold'
import { List } from './list.svelte'

const searchBox = () =>
  screen.getByRole<HTMLInputElement>('searchbox', { name: 'Search organisations' })
const marks = () =>
  screen
    .getAllByRole<HTMLInputElement>('checkbox')
    .filter((b) => b.checked)
    .map((b) => b.getAttribute('aria-label'))
const none = {
  added: [],
  reconnected: [],
  removed: [],
  alreadyConnected: [],
  others: [],
  clockMinutes: 0,
  total: 1,
  signIn: 'Sam',
}

async function opened(count: number, parts = {}) {
  const double = go({ rows: organisations(count), ...parts })
  render(App)
  await rest()
  return { double, user: userEvent.setup() }
}

test('typed text and focus stay during the search for a new organisation', async () => {
  const { double, user } = await opened(2000)
  const last = double.rows.reduce((a, b) => (a.name > b.name ? a : b))
  double.change({}, { number: 1, phase: 'waiting' })
  await rest()
  const held = hold('Organisations')
  const connected: Connected = {
    ...none,
    added: [{ id: last.id, name: last.name, type: 'ORGANISATION' }],
  }
  double.change({}, { number: 1, phase: 'done', connected })
  await rest()
  expect(held.length).toBe(1) // the organisation is in a later block
  await user.type(searchBox(), 'vets')
  await rest()
  for (let i = 0; i < held.length; i++) {
    held[i]?.answer()
    await rest()
  }
  expect(searchBox().value).toBe('vets')
  expect(document.activeElement).toBe(searchBox())
})

test('typing during Show them does not lose the focus', async () => {
  const { user } = await opened(200)
  const held = hold('Organisations')
  await user.click(button('Show them'))
  await user.type(searchBox(), 'vets')
  await rest()
  held[0]?.answer()
  await rest()
  const soon = document.activeElement
  for (let i = 0; i < held.length; i++) {
    held[i]?.answer()
    await rest()
  }
  expect([soon, document.activeElement]).toEqual([searchBox(), searchBox()])
})

test('the number found is announced for the search, also with a new revision in between', async () => {
  const { double, user } = await opened(200)
  const held = hold('Organisations')
  await user.type(searchBox(), 'v')
  double.change({ revision: 2 }) // a running check
  await rest()
  held[0]?.answer()
  await rest()
  const said = screen.getByRole('status').textContent
  for (let i = 0; i < held.length; i++) {
    held[i]?.answer()
    await rest()
  }
  expect([said, screen.getByRole('status').textContent]).toEqual(['', '29 organisations found.'])
})

test('a new order starts at the first row, also with a new revision in between', async () => {
  const { double, user } = await opened(200)
  const rows = () => screen.getAllByRole('row').filter((r) => r.dataset['index'])
  await user.click(rows()[5]?.querySelector('th') as HTMLElement)
  rows()[5]?.focus()
  await rest()
  expect(rows().findIndex((r) => r.tabIndex === 0)).toBe(5)
  const held = hold('Organisations')
  await user.click(button('Organisation'))
  double.change({ revision: 2 })
  await rest()
  for (let i = 0; i < held.length; i++) {
    held[i]?.answer()
    await rest()
  }
  expect(rows().findIndex((r) => r.tabIndex === 0)).toBe(0)
})

test('Shift marks from the last marked organisation, also after a new order of the list', async () => {
  const { double, user } = await opened(12)
  const names = () => screen.getAllByRole('checkbox').map((b) => b.getAttribute('aria-label'))
  await user.click(screen.getAllByRole('checkbox')[3] as HTMLElement)
  const [anchor] = marks()
  // A check finds the first four disconnected: the four rows move down the list.
  const shown = names()
  double.rows = double.rows.map((row) =>
    shown.indexOf(`Select ${row.name}`) <= 3 ? { ...row, status: 'disconnected' } : row,
  )
  double.change({ revision: 2 })
  await rest()
  const at = names().indexOf(anchor ?? '')
  expect(at).toBeGreaterThan(5)
  await user.keyboard('{Shift>}')
  await user.click(
    screen.getAllByRole('checkbox')[at + 1] ??
      (screen.getAllByRole('checkbox')[at - 1] as HTMLElement),
  )
  await user.keyboard('{/Shift}')
  await rest()
  expect(marks()).toHaveLength(2)
})

test('Shift marks the rows on the screen, although Go knows a newer order', async () => {
  const { double, user } = await opened(12)
  const boxes = () => screen.getAllByRole('checkbox')
  const names = boxes().map((b) => b.getAttribute('aria-label'))
  await user.click(boxes()[4] as HTMLElement)
  double.overview.revision = 2 // a check has just found that the first three are disconnected
  double.rows = double.rows.map((row) =>
    names.indexOf(`Select ${row.name}`) <= 2 ? { ...row, status: 'disconnected' } : row,
  )
  await user.keyboard('{Shift>}')
  await user.click(boxes()[6] as HTMLElement)
  await user.keyboard('{/Shift}')
  await rest()
  double.change({})
  await rest()
  expect(marks().sort()).toEqual(names.slice(4, 7).sort())
})

test('a cleared selection does not come back', async () => {
  const { user } = await opened(12)
  await user.click(screen.getAllByRole('checkbox')[0] as HTMLElement)
  const held = hold('OrganisationIDs')
  await user.click(button('Select all 12'))
  await user.click(button('Clear selection'))
  held[0]?.answer()
  await rest()
  expect(screen.queryByText(/ selected$/)).toBeNull()
})

test('the focus stays with its organisation after a new order', async () => {
  const { double, user } = await opened(12)
  const rows = () => screen.getAllByRole('row').filter((r) => r.dataset['index'])
  rows()[5]?.focus()
  const name = document.activeElement?.querySelector('th')?.title
  double.rows = double.rows.map((row) =>
    row.name === rows()[0]?.querySelector('th')?.title ? { ...row, status: 'disconnected' } : row,
  )
  double.change({ revision: 2 })
  await rest()
  await user.keyboard(' ')
  await rest()
  expect(marks()).toEqual([`Select ${name}`])
})

test('a waiting button of one organisation does not block the button of another', async () => {
  const double = go({
    rows: organisations(4).map((r, i) => ({
      ...r,
      status: 'disconnected',
      pending: '',
      name: 'ABCD'[i] ?? '',
    })),
  })
  render(App)
  await rest()
  const user = userEvent.setup()
  hold('ConnectAgain')
  const again = () => screen.getAllByRole('button', { name: /^Connect again/ })
  await user.click(again()[0] as HTMLElement)
  double.rows = double.rows.filter((r) => r.name !== 'A')
  double.change({ revision: 2 })
  await rest()
  await user.click(again()[0] as HTMLElement)
  expect(called(double).filter((n) => n === 'ConnectAgain')).toHaveLength(2)
})
test('a row that could not be fetched is fetched again', async () => {
  const double = go({ rows: organisations(1000) })
  const list = new List()
  await list.reload()
  double.refuse = { Organisations: { code: 'database-busy' } }
  await list.need(500, 520)
  double.refuse = {}
  await list.need(500, 520)
  expect(list.row(510)).toBeDefined()
})
