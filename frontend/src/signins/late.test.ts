import { screen } from '@testing-library/svelte'
import { expect, test } from 'vitest'
import { someone } from '../../e2e/people'
import { organisations, rest } from '../test/go'
import { button, opened as whole } from '../test/window'
import { hold } from '../test/hold'

const opened = (parts = {}) => whole({ rows: organisations(3), ...parts })

test('an older list of sign-ins does not replace a newer list', async () => {
  const { double, user } = await opened({ signIns: [someone('Jo Whitmore', { id: 'jo' })] })
  const held = hold('SignIns')
  await user.click(button(/^Sign-ins/))
  double.signIns = [someone('Mia Chen', { id: 'mia' })] // Jo's sign-in was removed
  double.change({ revision: 2 })
  await rest()
  held[1]?.answer()
  await rest()
  held[0]?.answer()
  await rest()
  expect(screen.queryByRole('heading', { name: 'Jo Whitmore' })).toBeNull()
})

test('a failure of an earlier reading does not hide a newer answer', async () => {
  const { double, user } = await opened({ signIns: [someone('Jo Whitmore', { id: 'jo' })] })
  const held = hold('SignIns')
  await user.click(button(/^Sign-ins/))
  double.change({ revision: 2 })
  await rest()
  held[1]?.answer()
  await rest()
  held[0]?.fail('database-busy')
  await rest()
  expect(screen.queryByRole('alert')).toBeNull()
})
