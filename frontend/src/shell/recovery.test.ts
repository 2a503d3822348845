import { screen } from '@testing-library/svelte'
import { expect, test } from 'vitest'
import { called, organisations, rest } from '../test/go'
import { button, opened as whole } from '../test/window'

const opened = (parts = {}) => whole({ rows: organisations(3), ...parts })

test('only Dismiss ends the notice about the recovered list', async () => {
  const recovery = {
    lost: true,
    damagedFolder: '',
    backupAt: '',
    signIns: 2,
    keychainRead: true,
    checked: 1,
    unchecked: true,
  }
  const { double, user } = await opened({
    overview: { recovery },
    refuse: { Connect: { code: 'offline' } },
  })
  await user.click(button('Connect another organisation'))
  await rest()
  const dialog = screen.getByRole('dialog')
  await user.click(
    [...dialog.querySelectorAll('button')].find((b) =>
      b.textContent?.includes('Try again'),
    ) as HTMLElement,
  )
  await rest()
  expect(called(double)).not.toContain('DismissRecovery')
})
