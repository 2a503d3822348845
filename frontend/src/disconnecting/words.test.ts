import { expect, test } from 'vitest'
import type { DisconnectEffect, DisconnectResult, Plan } from '../backend'
import { after, before, consequences, keepName } from './words'

const vets: DisconnectEffect = { id: 'v', name: 'Vets', through: ['Jo'], ended: [], staying: [] }
const plan: Plan = { signIn: '', forget: false, count: 1, staying: 0, organisations: [vets] }
const result: DisconnectResult = {
  count: 1,
  pending: 0,
  stillConnected: 0,
  staying: 0,
  revokePending: false,
}

test('the question names its subject', () => {
  expect(before(plan).title).toBe('Disconnect Vets?')
  expect(before({ ...plan, count: 2 }).title).toBe('Disconnect 2 organisations?')
  expect(before({ ...plan, forget: true }).button).toBe('Forget 1 organisation')
  expect(before({ ...plan, signIn: 'Jo' }).title).toBe('Disconnect all of Jo?')
  for (const p of [plan, { ...plan, signIn: 'Jo' }]) {
    expect(before(p).lede).toContain('The history is kept.')
  }
})

test('forgetting says which copies of the list still hold the name, unless the name is kept', () => {
  const forgetting = { ...plan, forget: true }
  expect(before(forgetting).lede).toContain(
    'The name leaves the history too. Earlier copies in the data folder still hold it: backups for seven days of use, a damaged list for a month or longer.',
  )
  expect(before({ ...forgetting, count: 2 }).lede).toContain('The names leave the history')
  expect(before(forgetting, true).lede).toContain('The history is kept.')
  expect(keepName(forgetting)).toBe('Keep Vets in the history')
  expect(keepName({ ...forgetting, count: 2 })).toBe('Keep the names in the history')
})

test('the question about a sign-in without organisations mentions no connection', () => {
  const { title, lede, button } = before({ ...plan, signIn: 'Jo', count: 0, organisations: [] })
  expect(title).toBe('Remove the sign-in of Jo?')
  expect(lede).not.toContain('connection')
  expect(button).toBe('Remove the sign-in')
})

test('the question about an organisation outside Xero’s list promises no disconnect at Xero', () => {
  const unlisted = { ...vets, through: [] }
  expect(before({ ...plan, forget: true }).lede).toMatch(/^Bookring tells Xero .*, then deletes/)
  const { lede } = before({ ...plan, forget: true, organisations: [unlisted] })
  expect(lede).toMatch(/^Bookring deletes what it knows of it\./)
})

test('the question about an ended sign-in promises no disconnect at Xero', () => {
  const unreachable = { ...vets, through: [], ended: ['Jo'] }
  expect(before({ ...plan, signIn: 'Jo' }).lede).toMatch(/^Bookring tells Xero/)
  const { lede } = before({ ...plan, signIn: 'Jo', organisations: [unreachable] })
  expect(lede).toMatch(/^This sign-in has ended, so Xero cannot be told/)
})

test('the question names the effects that Bookring cannot reach', () => {
  expect(consequences(vets, false)).toEqual(['Disconnected at Xero through Jo.'])
  const ended = consequences({ ...vets, through: [], ended: ['Sam'] }, true)
  expect(ended[0]).toContain('until Sam signs in again')
  expect(ended[1]).toBe('It is forgotten at once.')
  expect(consequences({ ...vets, staying: ['Sam'] }, false)[1]).toBe(
    'It stays connected through Sam.',
  )
})

test('the result names only completed disconnects', () => {
  expect(after(plan, result)).toEqual({ tone: 'ok', title: 'Disconnected Vets', lines: [] })
  const offline = { code: 'offline', detail: '' }
  const some = after(plan, { ...result, count: 3, pending: 1, failed: offline })
  expect(some.title).toBe('Disconnected 2 organisations')
  expect(some.lines[0]).toBe('1 waits until Xero can be told.')
  expect(some.lines[1]).toContain('Xero could not be reached.')
  const none = after(plan, { ...result, count: 2, pending: 2, failed: offline })
  expect(none.title).toBe('2 organisations wait until Xero can be told')
  expect(after(plan, { ...result, stillConnected: 1 }).lines[0]).toContain(
    'still connected at Xero',
  )
  expect(after({ ...plan, signIn: 'Jo' }, { ...result, revokePending: true }).lines[0]).toContain(
    'The sign-in of Jo',
  )
  expect(after({ ...plan, signIn: 'Jo' }, result).lines).toEqual(['The sign-in of Jo was removed.'])
  const shared = after({ ...plan, signIn: 'Jo', count: 2 }, { ...result, count: 2, staying: 1 })
  expect(shared.title).toBe('Disconnected 1 organisation')
  expect(shared.lines).toEqual([
    'The sign-in of Jo was removed.',
    '1 stays connected through another sign-in.',
  ])
  const all = after({ ...plan, signIn: 'Jo' }, { ...result, staying: 1 })
  expect(all.title).toBe('Removed the sign-in of Jo')
})

test('the result of a disconnect during a limit says when Xero is told', () => {
  const failed = { code: 'xero-rate-limit', detail: 'in 10 minutes' }
  const waiting = after(plan, { ...result, pending: 1, failed })
  expect(waiting.title).toBe('1 organisation waits until Xero can be told')
  expect(waiting.lines).toEqual([
    'Xero allowed no more requests. Bookring tells Xero in 10 minutes, by itself.',
  ])
})
