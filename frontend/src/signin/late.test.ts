import { render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { someone } from '../../e2e/people'
import App from '../App.svelte'
import { called, go, organisations, rest } from '../test/go'
import { hold } from '../test/hold'

const button = (name: string | RegExp) => screen.getByRole('button', { name })
const failed = (code: string) => ({ phase: 'failed', failed: { code, detail: '' } })

async function opened(parts = {}) {
  const double = go({ rows: organisations(3), ...parts })
  render(App)
  await rest()
  return { double, user: userEvent.setup() }
}
const broken = (o: object) => ({
  ...o,
  total: 0,
  attention: 0,
  signIns: 0,
  counts: [],
  repairs: [],
  demo: false,
  check: undefined,
  signIn: { number: 0, phase: 'idle', deadline: '', browserFailed: false, asked: '' },
  broken: { code: 'database-busy', detail: '' },
})

test('a sign-in that fails after the data were opened again says why', async () => {
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
  await user.click(button('Try again')) // Go opens them again and counts from the start
  double.change({}, { number: 0, phase: 'idle', failed: null } as never)
  await rest()
  double.change({}, { number: 1, phase: 'waiting' })
  await rest()
  double.change({}, { number: 1, ...failed('refused') } as never)
  await rest()
  expect(screen.queryByRole('dialog')).not.toBeNull()
})

test('trying again in the dialog of a sign-in tries the sign-in again', async () => {
  const jo = someone('Jo Whitmore', { id: 'jo' })
  const { double, user } = await opened({ answers: { SignIns: [jo] } })
  await user.click(button(/^Sign-ins/))
  await rest()
  const held = hold('RenewNow')
  await user.click(button('Renew now')) // the password store takes its time
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

test('an older list of sign-ins does not take the place of a newer one', async () => {
  const { double, user } = await opened({ signIns: [someone('Jo Whitmore', { id: 'jo' })] })
  const held = hold('SignIns')
  await user.click(button(/^Sign-ins/))
  double.signIns = [someone('Mia Chen', { id: 'mia' })] // Jo was let go
  double.change({ revision: 2 })
  await rest()
  held[1]?.answer()
  await rest()
  held[0]?.answer()
  await rest()
  expect(screen.queryByRole('heading', { name: 'Jo Whitmore' })).toBeNull()
})

test('a failure of an older question is not shown over a newer answer', async () => {
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

test('a sign-in that goes on is not said to have ended', async () => {
  const { double, user } = await opened()
  double.change(
    {},
    { number: 1, phase: 'waiting', deadline: new Date(Date.now() + 3e5).toISOString() },
  )
  await rest()
  const held = hold('OpenAgain')
  await user.click(button('Open again'))
  double.change({}, { number: 1, phase: 'reading' }) // the answer came in that moment
  await rest()
  held[0]?.fail('nothing-waits')
  await rest()
  expect(screen.queryByText(/The sign-in has ended meanwhile/)).toBeNull()
})

test('only Dismiss puts away what became of the list', async () => {
  const recovery = {
    lost: true,
    kept: '',
    backupAt: '',
    signIns: 2,
    asked: true,
    checked: 1,
    waiting: true,
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

test('who has decided against a removal hears no more of it', async () => {
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
test('who closes the dialog is not sent to the browser afterwards', async () => {
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
