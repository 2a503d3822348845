/** Closing, in the whole window. */
import { render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import App from '../App.svelte'
import { called, go, organisations, rest, type Scenario } from '../test/go'
import { button } from '../test/window'

async function opened(overview: Scenario['overview'] = {}) {
  const double = go({ rows: organisations(4), overview })
  render(App)
  await rest()
  return { double, user: userEvent.setup() }
}

const unsaved = { unsaved: true, unsavedOf: ['Mia Chen'] }

test('closing with an unsaved sign-in announces the save and then asks', async () => {
  const { double } = await opened(unsaved)
  double.change({ closing: 'saving' })
  await rest()
  expect(screen.getByRole('status').textContent).toMatch(/saves the sign-in of Mia Chen/)
  expect(screen.queryByRole('dialog')).toBeNull()
  double.change({ closing: 'asking' })
  await rest()
  const dialog = screen.getByRole('dialog', { name: 'Close Bookring now?' })
  expect(dialog.textContent).toMatch(/Closing now may lose the sign-in of Mia Chen/)
})

test('a sign-in saved before its user is known still has a whole sentence', async () => {
  const { double } = await opened()
  double.change({ closing: 'saving' })
  await rest()
  expect(screen.getByRole('status').textContent).toMatch(/saves the sign-in of a person\./)
})

test.each([
  ['Keep open', 'KeepOpen'],
  ['Close anyway', 'CloseAnyway'],
])('%s is an answer', async (name, call) => {
  const { double, user } = await opened({ ...unsaved, closing: 'asking' })
  await user.click(button(name))
  expect(called(double)).toContain(call)
})

test('Escape keeps it open', async () => {
  const { double } = await opened({ ...unsaved, closing: 'asking' })
  screen.getByRole('dialog').dispatchEvent(new Event('cancel', { cancelable: true }))
  await rest()
  expect(called(double)).toEqual(['KeepOpen'])
})

test('the question to close also opens over a removal', async () => {
  const { double, user } = await opened({ ...unsaved, testServer: 'http://localhost:1' })
  await user.click(button('Settings'))
  await user.click(button('Remove everything from this computer…'))
  await rest()
  expect(screen.getByText(/^Test server: Bookring talks to/)).toBeTruthy()
  double.change({ closing: 'asking' })
  await rest()
  expect(screen.getByRole('dialog', { name: 'Close Bookring now?' })).toBeTruthy()
})
