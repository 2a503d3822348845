/** Search and filter, in the whole window. */
import { screen } from '@testing-library/svelte'
import { expect, test } from 'vitest'
import { organisations, rest } from '../test/go'
import { button, opened } from '../test/window'

const status = () => screen.getAllByRole('status').map((region) => region.textContent)

test('the slash key opens the search, and Escape clears the search', async () => {
  const { user } = await opened({ rows: organisations(200) })
  await user.keyboard('/vets')
  await rest()
  const field = screen.getByRole<HTMLInputElement>('searchbox', { name: 'Search organisations' })
  expect(document.activeElement).toBe(field)
  expect(status()).toEqual(['20 organisations found.'])
  await user.type(field, ' absent')
  await rest()
  expect(screen.getByRole('heading', { name: /No organisation matches/ })).toBeTruthy()
  await user.type(field, '{Escape}')
  await rest()
  expect(field.value).toBe('')
  expect(screen.getByRole('table')).toBeTruthy()
})

test('the filter shows the organisations that need attention, with their number', async () => {
  const { user } = await opened({ rows: organisations(200) })
  await user.click(button(/^Needs attention 12/))
  await rest()
  expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe('13')
})
