import { screen } from '@testing-library/svelte'
import { expect, test } from 'vitest'
import { someone } from '../../e2e/people'
import { called, organisations, rest } from '../test/go'
import { button, opened as whole } from '../test/window'
import { hold } from '../test/hold'

const failed = (code: string) => ({ phase: 'failed', failed: { code, detail: '' } })

const opened = (parts = {}) => whole({ rows: organisations(3), ...parts })

const broken = (o: object) => ({
  ...o,
  total: 0,
  attention: 0,
  signIns: 0,
  counts: [],
  repairs: [],
  demo: false,
  signIn: {
    number: 0,
    phase: 'idle',
    deadline: '',
    browserFailed: false,
    expected: '',
    pending: 0,
    unsaved: 0,
    late: { number: 0 },
  },
  broken: { code: 'database-busy', detail: '' },
})

test('a sign-in that fails after Go opened the data again reports the failure', async () => {
  const { double, user } = await opened()
  double.change({}, { number: 1, phase: 'waiting' })
  await rest()
  double.change({}, { number: 1, ...failed('refused') } as never)
  await rest()
  await user.click(button('Close'))
  double.answers['Overview'] = broken(double.overview)
  double.change({})
  await rest()
  delete double.answers['Overview']
  await user.click(button('Try again')) // Go opens the data again and counts from 0
  double.change({}, { number: 0, phase: 'idle', failed: null } as never)
  await rest()
  double.change({}, { number: 1, phase: 'waiting' })
  await rest()
  double.change({}, { number: 1, ...failed('refused') } as never)
  await rest()
  expect(screen.queryByRole('dialog')).not.toBeNull()
})

test('Try again in the dialog of a sign-in starts the sign-in again', async () => {
  const jo = someone('Jo Whitmore', { id: 'jo' })
  const { double, user } = await opened({ answers: { SignIns: [jo] } })
  await user.click(button(/^Sign-ins/))
  await rest()
  const held = hold('RenewNow')
  await user.click(button('Renew now')) // the password store answers late
  double.change({}, { number: 1, phase: 'waiting' })
  await rest()
  double.change({}, { number: 1, ...failed('offline') } as never)
  await rest()
  held[0]?.fail('offline')
  await rest()
  const dialog = screen.getByRole('dialog')
  const again = [...dialog.querySelectorAll('button')].find((b) =>
    b.textContent?.includes('Try again'),
  )
  await user.click(again as HTMLElement)
  await rest()
  expect(called(double).filter((n) => n !== 'CameForward')).toEqual(['RenewNow', 'Connect'])
})

test('a sign-in that continues is not reported as ended', async () => {
  const { double, user } = await opened()
  double.change(
    {},
    { number: 1, phase: 'waiting', deadline: new Date(Date.now() + 3e5).toISOString() },
  )
  await rest()
  const held = hold('OpenAgain')
  await user.click(button('Open again'))
  double.change({}, { number: 1, phase: 'reading' }) // Xero answered in the same moment
  await rest()
  held[0]?.fail('nothing-waits')
  await rest()
  expect(screen.queryByText(/The sign-in has ended meanwhile/)).toBeNull()
})

test('a closed dialog does not open the browser afterwards', async () => {
  const { double, user } = await opened()
  double.change({}, { number: 1, phase: 'waiting' })
  await rest()
  double.change({}, {
    number: 1,
    phase: 'failed',
    failed: { code: 'keychain-locked', detail: '' },
  } as never)
  await rest()
  const held = hold('UseThisSessionOnly')
  await user.click(button('Go on for this session only'))
  await user.click(button('Close'))
  held[0]?.answer()
  await rest()
  expect(called(double)).toEqual(['UseThisSessionOnly'])
})
