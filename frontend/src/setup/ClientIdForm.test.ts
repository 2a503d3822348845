import { render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import type { Failure } from '../shared/failures'
import ClientIdForm from './ClientIdForm.svelte'

const good = '0123456789ABCDEF0123456789abcdef'

function form(answer: Failure | null = null) {
  const onsave = vi.fn(() => Promise.resolve(answer))
  render(ClientIdForm, { current: '', onsave })
  const field = screen.getByLabelText<HTMLInputElement>('Client ID')
  const save = () => screen.getByRole('button', { name: 'Save client ID' })
  return { onsave, field, save, user: userEvent.setup() }
}

test('a client ID is saved without its pasted spaces', async () => {
  const { onsave, field, save, user } = form()
  await user.type(field, `  ${good} `)
  await user.click(save())
  expect(onsave).toHaveBeenCalledExactlyOnceWith(good, expect.any(Function))
  expect(screen.getByText('Client ID saved.')).toBeTruthy()
})

test('Enter saves', async () => {
  const { onsave, field, user } = form()
  await user.type(field, `${good}{Enter}`)
  expect(onsave).toHaveBeenCalledOnce()
})

test.each([
  ['a letter that cannot be in it', 'xyz', /Only the digits/],
  ['too many characters', `${good}0`, /33 characters/],
])('%s is said while typing', async (_, typed, words) => {
  const { field, user } = form()
  await user.type(field, typed)
  expect(screen.getByText(words)).toBeTruthy()
  expect(field.getAttribute('aria-invalid')).toBe('true')
})

test('too few characters are reported after leaving the field, not while typing', async () => {
  const { onsave, field, save, user } = form()
  await user.type(field, '0123')
  expect(field.getAttribute('aria-invalid')).toBe('false')
  await user.click(save())
  expect(screen.getByText(/4 of 32/)).toBeTruthy()
  expect(onsave).not.toHaveBeenCalled()
  expect(document.activeElement).toBe(field)
})

test('an empty field is not saved', async () => {
  const { onsave, save, user } = form()
  await user.click(save())
  expect(onsave).not.toHaveBeenCalled()
})

test('the field shows a refusal by Go', async () => {
  const { field, save, user } = form({ code: 'client-id-malformed', detail: '' })
  await user.type(field, good)
  await user.click(save())
  expect(screen.getByText(/32 characters long/)).toBeTruthy()
})
