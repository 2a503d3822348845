import { screen } from '@testing-library/svelte'
import { expect, test } from 'vitest'
import { organisations, rest } from '../test/go'
import { button, opened as whole } from '../test/window'
import { hold } from '../test/hold'

const opened = (parts = {}) => whole({ rows: organisations(3), ...parts })

test('a cancelled removal reports no late failure', async () => {
  const { user } = await opened()
  await user.click(button('Settings'))
  const held = hold('PlanRemoval')
  await user.click(button('Remove everything from this computer…'))
  await rest()
  await user.click(button('Cancel'))
  await user.click(button('Remove everything from this computer…'))
  await rest()
  held[0]?.fail('database-busy')
  await rest()
  expect(screen.queryByRole('alert')).toBeNull()
  expect(screen.getByRole('heading', { name: /Remove everything/ })).toBeTruthy()
})
