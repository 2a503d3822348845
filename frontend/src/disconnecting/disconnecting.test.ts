import { render, screen, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { someone } from '../../e2e/people'
import App from '../App.svelte'
import type { Departing, Gone, Plan } from '../backend'
import { called, go, organisations, rest } from '../test/go'
import { after, before, consequences } from './words'

const vets: Departing = { id: 'v', name: 'Vets', through: ['Jo'], ended: [], staying: [] }
const plan: Plan = { signIn: '', forget: false, count: 1, staying: 0, organisations: [vets] }
const gone: Gone = { count: 1, waiting: 0, untold: 0, staying: 0, signInWaits: false }

test('the question names what it is about', () => {
  expect(before(plan).title).toBe('Disconnect Vets?')
  expect(before({ ...plan, count: 2 }).title).toBe('Disconnect 2 organisations?')
  expect(before({ ...plan, forget: true }).button).toBe('Forget 1 organisation')
  expect(before({ ...plan, signIn: 'Jo' }).title).toBe('Disconnect all of Jo?')
  for (const p of [plan, { ...plan, forget: true }, { ...plan, signIn: 'Jo' }]) {
    expect(before(p).lede).toContain('The history is kept.')
  }
})

test('a sign-in that carries nothing is removed, and nothing is said of connections', () => {
  const { title, lede, button } = before({ ...plan, signIn: 'Jo', count: 0, organisations: [] })
  expect(title).toBe('Remove the sign-in of Jo?')
  expect(lede).not.toContain('connection')
  expect(button).toBe('Remove the sign-in')
})

test('of what Xero does not list any more it is not said that Xero is told', () => {
  const unlisted = { ...vets, through: [] }
  expect(before({ ...plan, forget: true }).lede).toMatch(/^Bookring tells Xero .*, then deletes/)
  const { lede } = before({ ...plan, forget: true, organisations: [unlisted] })
  expect(lede).toMatch(/^Bookring deletes what it knows of it\./)
})

test('of a sign-in that has ended it is not said that Xero is told', () => {
  const untold = { ...vets, through: [], ended: ['Jo'] }
  expect(before({ ...plan, signIn: 'Jo' }).lede).toMatch(/^Bookring tells Xero/)
  const { lede } = before({ ...plan, signIn: 'Jo', organisations: [untold] })
  expect(lede).toMatch(/^This sign-in has ended, so Xero cannot be told/)
})

test('what cannot be done is said before', () => {
  expect(consequences(vets, false)).toEqual(['Disconnected at Xero through Jo.'])
  const ended = consequences({ ...vets, through: [], ended: ['Sam'] }, true)
  expect(ended[0]).toContain('until Sam signs in again')
  expect(ended[1]).toBe('It is forgotten at once.')
  expect(consequences({ ...vets, staying: ['Sam'] }, false)[1]).toBe(
    'It stays connected through Sam.',
  )
})

test('afterwards only what was done is said to be done', () => {
  expect(after(plan, gone)).toEqual({ tone: 'ok', title: 'Disconnected Vets', lines: [] })
  const offline = { code: 'offline', detail: '' }
  const some = after(plan, { ...gone, count: 3, waiting: 1, failed: offline })
  expect(some.title).toBe('Disconnected 2 organisations')
  expect(some.lines[0]).toBe('1 waits until Xero can be reached.')
  expect(some.lines[1]).toContain('Xero could not be reached.')
  const none = after(plan, { ...gone, count: 2, waiting: 2, failed: offline })
  expect(none.title).toBe('2 organisations wait until Xero can be reached')
  expect(after(plan, { ...gone, untold: 1 }).lines[0]).toContain('still connected at Xero')
  expect(after({ ...plan, signIn: 'Jo' }, { ...gone, signInWaits: true }).lines[0]).toContain(
    'The sign-in of Jo',
  )
  expect(after({ ...plan, signIn: 'Jo' }, gone).lines).toEqual(['The sign-in of Jo was removed.'])
  const shared = after({ ...plan, signIn: 'Jo', count: 2 }, { ...gone, count: 2, staying: 1 })
  expect(shared.title).toBe('Disconnected 1 organisation')
  expect(shared.lines).toEqual([
    'The sign-in of Jo was removed.',
    '1 stays connected through another sign-in.',
  ])
  const all = after({ ...plan, signIn: 'Jo' }, { ...gone, staying: 1 })
  expect(all.title).toBe('Removed the sign-in of Jo')
})

test('all of a sign-in is left from its card, after a question', async () => {
  const jo = someone('Jo Whitmore', { id: 'jo' })
  const double = go({
    rows: organisations(3),
    answers: {
      SignIns: [jo],
      PlanDisconnectSignIn: { ...plan, signIn: 'Jo Whitmore' },
      DisconnectSignIn: gone,
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

test('what was told stays behind on its screen', async () => {
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
    answers: { PlanDisconnect: { ...plan, count: 2 }, Disconnect: { ...gone, count: 2 } },
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

test('nothing is done before a person agrees', async () => {
  const { double, user, dialog } = await asked()
  expect(document.activeElement?.textContent?.trim()).toBe('Cancel')
  await user.click(dialog.getByRole('button', { name: 'Cancel' }))
  await rest()
  expect(called(double)).not.toContain('Disconnect')
  expect(screen.getByText('2 selected')).toBeTruthy()
})

test('who agrees is told what has come of it', async () => {
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

test('what could not be disconnected is selected again', async () => {
  const { double, user, dialog } = await asked()
  double.refuse['Disconnect'] = { code: 'database-full' }
  await user.click(dialog.getByRole('button', { name: 'Disconnect 2 organisations' }))
  await rest()
  expect(screen.getByText('2 selected')).toBeTruthy()
})

test('the focus stays in the list when the selection goes, and in its bar when all is selected', async () => {
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
