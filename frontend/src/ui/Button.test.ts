import { render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { createRawSnippet, tick } from 'svelte'
import { afterEach, expect, test, vi } from 'vitest'
import Button from './Button.svelte'

afterEach(() => vi.useRealTimers())

const children = createRawSnippet(() => ({ render: () => '<span>Copy link</span>' }))

function button(onpress: () => unknown) {
  render(Button, { onpress, busy: 'Copying…', children })
  return screen.getByRole('button')
}

test('a second press during a call does nothing', async () => {
  const user = userEvent.setup()
  let settle = () => {}
  const onpress = vi.fn(() => new Promise<void>((resolve) => (settle = resolve)))
  const press = button(onpress)
  await user.click(press)
  await user.click(press)
  expect(onpress).toHaveBeenCalledOnce()
  settle()
  await tick()
  await user.click(press)
  expect(onpress).toHaveBeenCalledTimes(2)
})

test('only a long call changes the label, and the focus stays', async () => {
  vi.useFakeTimers()
  let settle = () => {}
  const press = button(() => new Promise<void>((resolve) => (settle = resolve)))
  press.focus()
  press.click()
  await vi.advanceTimersByTimeAsync(100)
  expect(press.textContent?.trim()).toBe('Copy link')
  await vi.advanceTimersByTimeAsync(300)
  expect(press.textContent?.trim()).toBe('Copying…')
  expect(document.activeElement).toBe(press)
  settle()
  await vi.advanceTimersByTimeAsync(0)
  expect(press.textContent?.trim()).toBe('Copy link')
})
