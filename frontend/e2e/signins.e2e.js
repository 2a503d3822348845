/** The expiry of a sign-in: visible, announced in time, and moved by a renewal. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, test } from 'node:test'
import { Notifications } from './notifications.js'
import { stage } from './stage.js'
import { tabTo } from './window.js'
import { organisations } from './xero.js'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const ageing = new URL('../../build/bin/e2e/age', import.meta.url).pathname
const board = await Notifications.start()
after(() => board.end())
const { xero, bookring, window, person } = await stage({ after }, organisations(['Alder', 'Birch']))
const { page } = window
const jo = page.getByRole('article', { name: 'Jo Whitmore' })

/** age moves every renewal into the past while the program does not run. */
const age = (days) => execFileSync(ageing, [bookring.data, String(days)])

/** accessible checks the present window. */
async function accessible() {
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }),
  )
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`),
    [],
  )
}

test('the keyboard reaches each user, the expiry and the organisations', async () => {
  await window.connect()
  await person.allow(await bookring.link(), 'Jo Whitmore', 'Alder', 'Birch')
  await window.lists(['Alder', 'Birch'])
  await tabTo(page, page.getByRole('button', { name: /^Sign-ins/ }))
  await page.keyboard.press('Enter')
  await window.reads(/^Sign-ins/)
  await jo.getByText('in 60 days').waitFor()
  await jo.getByText('Carries 2 organisations').waitFor()
  await jo.getByText(/^Only through this sign-in/).waitFor()
  assert.deepEqual(await jo.getByRole('listitem').allInnerTexts(), ['Alder', 'Birch'])
  await accessible()
})

test('a sign-in not renewed for weeks is announced in the window and on the desktop', async () => {
  await bookring.stop()
  age(50)
  await xero.fail('token: refresh', 'captive portal', { status: 200 })
  await bookring.start()
  await window.open()
  await window.shows(/^Jo Whitmore’s sign-in ends on .*, in 10 days, unless it is renewed\.$/)
  assert.deepEqual(await board.next(), {
    title: 'A sign-in to Xero ends in 10 days',
    text: 'Bookring could not renew it by itself. Open Bookring, choose Sign-ins and press Renew now.',
  })
  await accessible()
})

test('Renew now reports a failure, and then a renewal with a new date', async () => {
  await tabTo(page, page.getByRole('button', { name: /^Sign-ins/ }))
  await page.keyboard.press('Enter')
  await jo.getByText('in 10 days').waitFor()
  await tabTo(page, jo.getByRole('button', { name: 'Renew now' }))
  await page.keyboard.press('Enter')
  await page
    .getByRole('alert')
    .filter({ hasText: 'This network wants you to sign in first' })
    .waitFor()
  await accessible()

  await xero.heal()
  await tabTo(page, window.button('Try again'))
  await page.keyboard.press('Enter')
  await window.said(/^Jo Whitmore’s sign-in is renewed\. It is kept until .*, in 60 days\.$/)
  await jo.getByText('in 60 days').waitFor()
  await jo.getByText('Kept', { exact: true }).waitFor()
  await page.getByText('unless it is renewed').waitFor({ state: 'detached' })
})
