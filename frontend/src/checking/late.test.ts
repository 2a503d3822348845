import { render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import App from '../App.svelte'
import { called, go, organisations, rest } from '../test/go'
import { hold } from '../test/hold'

const connected = () => organisations(4).map((row) => ({ ...row, status: 'connected' }))
const button = (name: string | RegExp) => screen.getByRole('button', { name })
const wait = (ms: number) => new Promise((r) => setTimeout(r, ms))

test('nobody is told that a check is being stopped who has not stopped it', async () => {
  const double = go({ rows: connected() })
  render(App)
  await rest()
  const user = userEvent.setup()
  double.overview.check = { running: true, done: 0, total: 5 } as never
  const held = hold('Overview')
  await user.click(button('Check now')) // Go has begun, and its news are on their way
  await rest()
  held[0]?.answer()
  double.change({ revision: 2 }) // the next event, while the window is still asking
  await rest()
  double.change({})
  held[1]?.answer()
  await rest()
  await wait(700)
  expect(screen.queryByRole('button', { name: 'Stopping…' })).toBeNull()
  await user.click(button(/^Stop/))
  await rest()
  expect(called(double)).toEqual(['CheckNow', 'StopCheck'])
})

test('nothing is said to be checked when Go could not be asked how it went', async () => {
  const double = go({ rows: connected() })
  render(App)
  await rest()
  const held = hold('Overview')
  await userEvent.setup().click(button('Check now'))
  await rest()
  double.overview.check = { running: true, done: 0, total: 5 } as never
  held[0]?.fail('unexpected') // as after 20 seconds without an answer
  await rest()
  expect(screen.getByRole('status').textContent).not.toMatch(/^Checked/)
})

test('nothing is said to be checked when the data cannot be read', async () => {
  const double = go({ rows: connected() })
  render(App)
  await rest()
  double.answers['Overview'] = {
    ...double.overview,
    total: 0,
    attention: 0,
    signIns: 0,
    counts: [],
    repairs: [],
    checkedAt: '',
    check: {
      running: false,
      done: 0,
      total: 0,
      details: { running: false, done: 0, total: 0 },
      triedAt: '',
      limitUntil: '',
    },
    broken: { code: 'database-busy', detail: '' },
  }
  await userEvent.setup().click(button('Check now'))
  await rest()
  expect(screen.getByRole('status').textContent).not.toMatch(/^Checked/)
})
test('a check can be stopped while much changes', async () => {
  const double = go({ rows: connected() })
  render(App)
  await rest()
  const user = userEvent.setup()
  const app = window as unknown as {
    go: { main: { App: Record<string, (...a: unknown[]) => Promise<unknown>> } }
  }
  const real = app.go.main.App
  const later = (ms: number) => new Promise((r) => setTimeout(r, ms))
  app.go.main.App = new Proxy({} as typeof real, {
    get:
      (_, name: string) =>
      async (...args: unknown[]) => {
        if (name === 'Overview') await later(60)
        return real[name]?.(...args)
      },
  })
  let done = 0
  const news = setInterval(
    () =>
      double.change({
        revision: 2 + done,
        check: { running: true, done: ++done, total: 500 } as never,
      }),
    50,
  )
  await user.click(button('Check now'))
  await later(2000)
  const words = screen
    .getAllByRole('button')
    .map((b) => b.textContent?.trim())
    .filter((w) => w?.startsWith('Stop'))
  await user.click(button(/^Stop/))
  await rest()
  clearInterval(news)
  expect([words, called(double).includes('StopCheck')]).toEqual([['Stop'], true])
})
