import { render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import App from '../App.svelte'
import { called, go, organisations, rest } from '../test/go'
import { button } from '../test/window'
import { hold } from '../test/hold'

const connected = () => organisations(4).map((row) => ({ ...row, status: 'connected' }))
const wait = (ms: number) => new Promise((r) => setTimeout(r, ms))

test('Stopping… appears only after a press on Stop', async () => {
  const double = go({ rows: connected() })
  render(App)
  await rest()
  const user = userEvent.setup()
  double.overview.check = { running: true, done: 0, total: 5 } as never
  const held = hold('Overview')
  await user.click(button('Check now')) // Go has started the check, and the overview is on the way
  await rest()
  held[0]?.answer()
  double.change({ revision: 2 }) // the next event, during the call
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

test('no check is announced as finished without an overview', async () => {
  const double = go({ rows: connected() })
  render(App)
  await rest()
  const held = hold('Overview')
  await userEvent.setup().click(button('Check now'))
  await rest()
  double.overview.check = { running: true, done: 0, total: 5 } as never
  held[0]?.fail('unexpected') // as after the time limit of a call
  await rest()
  expect(screen.getByRole('status').textContent).not.toMatch(/^Checked/)
})

test('no check is announced as finished with broken data', async () => {
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
      parts: [],
      slow: [],
      unread: 0,
    },
    broken: { code: 'database-busy', detail: '' },
  }
  await userEvent.setup().click(button('Check now'))
  await rest()
  expect(screen.getByRole('status').textContent).not.toMatch(/^Checked/)
})
test('a check can be stopped during many changes', async () => {
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
