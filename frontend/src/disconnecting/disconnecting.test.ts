import { render, screen, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { someone } from '../../e2e/people'
import App from '../App.svelte'
import type { DisconnectEffect, DisconnectResult, Plan } from '../backend'
import { called, go, organisations, rest } from '../test/go'

const vets: DisconnectEffect = { id: 'v', name: 'Vets', through: ['Jo'], ended: [], staying: [] }
const plan: Plan = { signIn: '', forget: false, count: 1, staying: 0, organisations: [vets] }
const result: DisconnectResult = {
  count: 1,
  pending: 0,
  stillConnected: 0,
  staying: 0,
  revokePending: false,
}

test('a card disconnects everything of a sign-in after a question', async () => {
  const jo = someone('Jo Whitmore', { id: 'jo' })
  const double = go({
    rows: organisations(3),
    answers: {
      SignIns: [jo],
      PlanDisconnectSignIn: { ...plan, signIn: 'Jo Whitmore' },
      DisconnectSignIn: result,
    },
  })
  render(App)
  await rest()
  const user = userEvent.setup()
  await user.click(screen.getByRole('button', { name: /^Sign-ins/ }))
  await rest()
  await user.click(screen.getByRole('button', { name: 'Disconnect all…' }))
  await rest()
  expect(called(double)).not.toContain('DisconnectSignIn')
  const dialog = within(screen.getByRole('dialog'))
  expect(dialog.getByRole('heading').textContent).toBe('Disconnect all of Jo Whitmore?')
  await user.click(dialog.getByRole('button', { name: 'Disconnect and remove' }))
  await rest()
  expect(double.calls.find(([name]) => name === 'DisconnectSignIn')?.[1]).toBe('jo')
  screen.getByRole('button', { name: 'Disconnect all…' }).focus()
  double.answers['SignIns'] = []
  double.change({ revision: 2 })
  await rest()
  expect(document.activeElement).toBe(screen.getByRole('heading', { name: /^Sign-ins/ }))
})

test('a notice ends with a change of the screen', async () => {
  const { user, dialog } = await asked()
  await user.click(dialog.getByRole('button', { name: 'Disconnect 2 organisations' }))
  await rest()
  expect(screen.getByRole('button', { name: 'Dismiss' })).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Settings' }))
  await rest()
  expect(screen.queryByRole('button', { name: 'Dismiss' })).toBeNull()
})

async function asked() {
  const double = go({
    rows: organisations(3),
    answers: { PlanDisconnect: { ...plan, count: 2 }, Disconnect: { ...result, count: 2 } },
  })
  render(App)
  await rest()
  const user = userEvent.setup()
  const [first, second] = screen.getAllByRole('checkbox')
  await user.click(first as HTMLElement)
  await user.click(second as HTMLElement)
  await user.click(screen.getByRole('button', { name: 'Disconnect…' }))
  await rest()
  return { double, user, dialog: within(screen.getByRole('dialog')) }
}

test('forgetting removes the name from the history unless the user keeps the name', async () => {
  for (const keep of [false, true]) {
    const double = go({
      rows: organisations(3),
      answers: { PlanDisconnect: { ...plan, forget: true }, Disconnect: result },
    })
    const { unmount } = render(App)
    await rest()
    const user = userEvent.setup()
    await user.click(screen.getAllByRole('checkbox')[0] as HTMLElement)
    await user.click(screen.getByRole('button', { name: 'Forget…' }))
    await rest()
    const dialog = within(screen.getByRole('dialog'))
    const choice = dialog.getByRole<HTMLInputElement>('checkbox', {
      name: 'Keep Vets in the history',
    })
    expect(choice.checked).toBe(false)
    if (keep) await user.click(choice)
    await user.click(dialog.getByRole('button', { name: 'Forget 1 organisation' }))
    await rest()
    expect(double.calls.find(([name]) => name === 'Disconnect')?.slice(2)).toEqual([true, keep])
    unmount()
  }
})

test('nothing is disconnected before the user agrees', async () => {
  const { double, user, dialog } = await asked()
  expect(document.activeElement?.textContent?.trim()).toBe('Cancel')
  await user.click(dialog.getByRole('button', { name: 'Cancel' }))
  await rest()
  expect(called(double)).not.toContain('Disconnect')
  expect(screen.getByText('2 selected')).toBeTruthy()
})

test('the result is shown after the user agrees', async () => {
  const { double, user, dialog } = await asked()
  await user.click(dialog.getByRole('button', { name: 'Disconnect 2 organisations' }))
  await rest()
  const ids = double.rows.slice(0, 2).map((row) => row.id)
  const sent = double.calls.find(([name]) => name === 'Disconnect')
  expect([...(sent?.[1] as string[])].sort()).toEqual(ids.sort())
  expect(sent?.[2]).toBe(false)
  expect(screen.getByRole('status').textContent).toContain('Disconnected 2 organisations.')
  expect(screen.queryByText('2 selected')).toBeNull()
})

test('organisations that could not be disconnected are selected again', async () => {
  const { double, user, dialog } = await asked()
  double.refuse['Disconnect'] = { code: 'database-full' }
  await user.click(dialog.getByRole('button', { name: 'Disconnect 2 organisations' }))
  await rest()
  expect(screen.getByText('2 selected')).toBeTruthy()
})

test('the list takes the focus of a cleared selection, and the bar the focus of Select all', async () => {
  const { user, dialog } = await asked()
  await user.click(dialog.getByRole('button', { name: 'Cancel' }))
  await rest()
  await user.click(screen.getByRole('button', { name: 'Select all 3' }))
  await rest()
  expect(document.activeElement).toBe(screen.getByRole('group', { name: 'Selection' }))
  await user.click(screen.getByRole('button', { name: 'Clear selection' }))
  await rest()
  expect(screen.queryByRole('group', { name: 'Selection' })).toBeNull()
  expect(document.activeElement?.closest('table')).toBeTruthy()
})
