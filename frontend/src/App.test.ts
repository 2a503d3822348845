import { screen } from '@testing-library/svelte'
import { expect, test } from 'vitest'
import { called, organisations, rest } from './test/go'
import { button, opened } from './test/window'

test('broken data show the failure and nothing else', async () => {
  const broken = { code: 'database-newer', detail: '' }
  const { double, user } = await opened({ overview: { broken } })
  expect(screen.getByRole('heading', { name: /newer Bookring/ })).toBeTruthy()
  await user.click(button('Quit Bookring'))
  expect(called(double)).toEqual(['Quit'])
})

test('a program without an answer shows a failure', async () => {
  await opened({ refuse: { Overview: { code: 'unexpected' } } })
  expect(screen.getByRole('heading', { name: 'Something unexpected happened' })).toBeTruthy()
})

test('a list that cannot be read shows the failure and can be read again', async () => {
  const refuse = { Organisations: { code: 'database-busy' } }
  const { double, user } = await opened({ rows: organisations(3), refuse })
  expect(screen.getByRole('alert').textContent).toMatch(/in use/)
  double.refuse = {}
  await user.click(button('Try again'))
  await rest()
  expect(screen.queryByRole('alert')).toBeNull()
  expect(screen.getAllByRole('row')).toHaveLength(4)
})

test('the heading of the next screen takes the focus', async () => {
  const { double, user } = await opened({ overview: { clientID: '', clientIDFrom: '' } })
  await user.click(button('Try it with demo data'))
  double.change({ demo: true })
  await rest()
  expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1 }))
  await user.click(button('Settings'))
  await rest()
  expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'Settings' }))
})

test('test server and session have permanent banners', async () => {
  await opened({ overview: { testServer: 'http://localhost:8081', sessionOnly: true } })
  expect(screen.getByText(/localhost:8081, not to Xero/)).toBeTruthy()
  expect(screen.getByText(/For this session only/)).toBeTruthy()
})
