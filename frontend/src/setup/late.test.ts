import { render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import App from '../App.svelte'
import { called, go, organisations, rest } from '../test/go'
import { button } from '../test/window'
import { hold } from '../test/hold'

const field = () => screen.getByRole<HTMLInputElement>('textbox')
const id = 'ABCDEF0123456789ABCDEF0123456789'

async function settings(parts = {}) {
  const double = go({ rows: organisations(3), ...parts })
  render(App)
  await rest()
  const user = userEvent.setup()
  await user.click(button('Settings'))
  await rest()
  return { double, user }
}

test('text typed since the save is not shown as saved', async () => {
  const { user } = await settings()
  await user.clear(field())
  await user.type(field(), id)
  const held = hold('SaveClientID')
  await user.keyboard('{Enter}')
  await user.type(field(), '{Backspace}0')
  held[0]?.answer()
  await rest()
  expect(field().value).toBe(`${id.slice(0, -1)}0`)
  expect(
    screen.queryAllByText(/^Client ID saved/).filter((e) => e.getAttribute('role') !== 'status'),
  ).toEqual([])
})

test('a client ID that was not saved is reported on another screen, too', async () => {
  const { user } = await settings()
  await user.clear(field())
  await user.type(field(), id)
  const held = hold('SaveClientID')
  await user.click(button('Save client ID'))
  await user.click(button(/^Organisations/))
  await rest()
  held[0]?.fail('database-busy')
  await rest()
  expect(screen.getByRole('alert').textContent).toMatch(/in use/)
})

test('a second Enter waits for the first save', async () => {
  const { double, user } = await settings()
  await user.clear(field())
  await user.type(field(), id)
  hold('SaveClientID')
  await user.keyboard('{Enter}{Enter}')
  await rest()
  expect(called(double).filter((n) => n === 'SaveClientID')).toHaveLength(1)
})

const chosen = () => screen.getAllByRole<HTMLInputElement>('radio').find((r) => r.checked)?.value

test('a setting that could not be saved is not shown as saved', async () => {
  const { user } = await settings({ refuse: { SaveCheckEvery: { code: 'database-busy' } } })
  expect(chosen()).toBe('day')
  await user.click(screen.getAllByRole('radio')[3] as HTMLElement)
  await rest()
  expect(chosen()).toBe('day')
})

test('the later of two choices counts', async () => {
  const { double, user } = await settings()
  const held = hold('SaveCheckEvery')
  await user.click(screen.getAllByRole('radio')[0] as HTMLElement)
  await user.click(screen.getAllByRole('radio')[3] as HTMLElement)
  await rest()
  expect(held).toHaveLength(1) // the second waits for the first
  double.overview.checkEvery = 'hour'
  held[0]?.answer()
  await rest()
  expect(chosen()).toBe('week')
})

test('typed text survives a failed answer', async () => {
  const { double, user } = await settings()
  await user.clear(field())
  await user.type(field(), '0123')
  double.refuse['Overview'] = { code: 'database-busy' }
  double.change({})
  await rest()
  expect(screen.getByRole('alert').textContent).toMatch(/in use/)
  await user.click(button('Dismiss'))
  expect(screen.queryByRole('alert')).toBeNull()
  delete double.refuse['Overview']
  double.change({})
  await rest()
  expect(field().value).toBe('0123')
})

test('Go opens the data again after a second failure to read', async () => {
  const { double, user } = await settings({})
  double.refuse['Overview'] = { code: 'database-busy' }
  double.change({})
  await rest()
  await user.click(button('Try again'))
  await rest()
  expect(called(double)).toContain('LeaveDemo')
})
