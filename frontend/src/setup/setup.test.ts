/** The first run and the settings, in the whole window. */
import { screen } from '@testing-library/svelte'
import { expect, test } from 'vitest'
import { called, organisations, rest } from '../test/go'
import { button, opened } from '../test/window'

const status = () => screen.getAllByRole('status').map((region) => region.textContent)

test('the first run shows a button, the requested scopes and the password store', async () => {
  const { double, user } = await opened({ overview: { system: 'windows' } })
  expect(screen.getByText(/Windows Credential Manager/)).toBeTruthy()
  expect(screen.getByText('accounting.settings.read')).toBeTruthy()
  await user.click(button('Connect to Xero'))
  expect(called(double)).toEqual(['Connect'])
})

test('without a client ID there are two ways to start', async () => {
  const { double, user } = await opened({ overview: { clientID: '', clientIDFrom: '' } })
  expect(screen.queryByRole('button', { name: 'Connect to Xero' })).toBeNull()
  await user.click(button('Use our own Xero app'))
  await user.click(button('Copy all 8 addresses'))
  await user.click(button('Open the developer portal'))
  await user.type(screen.getByLabelText('Client ID'), '0'.repeat(32))
  await user.click(button('Save client ID'))
  await rest()
  expect(double.calls.filter(([name]) => name !== 'Overview' && name !== 'Organisations')).toEqual([
    ['CopyRedirectAddresses'],
    ['OpenPage', 'developer-portal'],
    ['SaveClientID', '0'.repeat(32)],
  ])
})

test('the demo can be started and left, and has a banner', async () => {
  const { double, user } = await opened({ overview: { clientID: '', clientIDFrom: '' } })
  await user.click(button('Try it with demo data'))
  double.change({ demo: true })
  await rest()
  expect(screen.getByText(/everything here is made up/)).toBeTruthy()
  expect(button('Connect to Xero')).toBeTruthy()
  await user.click(button('Leave the demo'))
  expect(called(double)).toEqual(['TryDemo', 'LeaveDemo'])
})

test('settings by an administrator are read-only', async () => {
  const { user } = await opened({ overview: { clientIDFrom: 'environment' } })
  await user.click(button('Settings'))
  expect(screen.queryByLabelText('Client ID')).toBeNull()
  expect(screen.getByText(/BOOKRING_CLIENT_ID/)).toBeTruthy()
  await user.click(button('Back'))
  expect(button('Connect to Xero')).toBeTruthy()
})

test('copied addresses are confirmed in the notice and in the status region', async () => {
  const { double, user } = await opened({ rows: organisations(3) })
  await user.click(button('Settings'))
  await user.click(button('Copy all 8 addresses'))
  await rest()
  expect(called(double)).toEqual(['CopyRedirectAddresses'])
  expect(screen.getByText('The redirect addresses are on the clipboard')).toBeTruthy()
  expect(status()).toEqual([
    'The redirect addresses are on the clipboard. Your Xero app must list all of them.',
  ])
  double.refuse = { CopyRedirectAddresses: { code: 'clipboard' } }
  await user.click(button('Copy all 8 addresses'))
  await rest()
  expect(screen.queryByText('The redirect addresses are on the clipboard')).toBeNull()
  expect(screen.getByRole('alert')).toBeTruthy()
})

test('the user chooses how often Go checks, and the save is confirmed', async () => {
  const { double, user } = await opened({ rows: organisations(4) })
  await user.click(button('Settings'))
  expect((screen.getByRole('radio', { name: 'Once a day' }) as HTMLInputElement).checked).toBe(true)
  await user.click(screen.getByRole('radio', { name: 'Every 4 hours' }))
  await rest()
  expect(double.calls).toContainEqual(['SaveCheckEvery', 'four-hours'])
  expect(screen.getByRole('status').textContent).toMatch(/^Saved\./)
  expect(screen.getByText('0.1.0 (commit 4f2c9a1b7d3e)')).toBeTruthy()
})
