/** WCAG 2.2 AA by axe, in both themes, on every page of the main job. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { stage } from './stage.js'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const everything = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }
const colours = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }

/** check collects axe's findings on the present page. */
async function check({ page }, where, found) {
  await page.evaluate(axe)
  // The themes differ only in colours.
  for (const [colorScheme, runOnly] of [
    ['light', everything],
    ['dark', colours],
  ]) {
    await page.emulateMedia({ colorScheme })
    const { violations } = await page.evaluate(
      (rules) => globalThis.axe.run(document, { runOnly: rules, resultTypes: ['violations'] }),
      runOnly,
    )
    for (const { id, nodes } of violations) {
      found.push(`${where}, ${colorScheme}: ${id}: ${nodes.map((node) => node.html).join(' ')}`)
    }
  }
}

test('the first start, without a client ID', async (t) => {
  const { window } = await stage(t, null)
  const found = []
  await check(window, 'choice', found)
  await window.press('Settings')
  await window.reads('Settings')
  await check(window, 'settings', found)
  await window.press('Back')
  await window.press('Use our own Xero app')
  await check(window, 'own app', found)
  assert.deepEqual(found, [])
})

test('the main job, and a sign-in that fails', async (t) => {
  const { bookring, window, person } = await stage(t, { demo: true })
  const found = []
  await check(window, 'welcome', found)
  await window.connect()
  const link = await bookring.link()
  await window.reads('Finish in your browser')
  await window.page.getByText('What to check').click()
  await check(window, 'waiting', found)
  await person.follow(link)
  await check(person, 'Xero: sign in', found)
  await person.press('Jo Whitmore')
  await check(person, 'Xero: choose', found)
  await person.choose('Granary Bakehouse')
  await person.press('Allow access')
  await person.reads('Granary Bakehouse is connected')
  await check(person, 'connected', found)
  await window.lists(['Granary Bakehouse'])
  await check(window, 'list', found)
  await window.page.getByLabel('Search organisations').fill('nobody')
  await window.reads('No organisation matches “nobody”')
  await check(window, 'nothing found', found)
  await window.press('Show all organisations')

  bookring.breakBrowser(true)
  await window.connect()
  await window.reads('Open the link in your browser')
  await check(window, 'browser not opened', found)
  bookring.breakBrowser(false)
  await window.press('Open again')
  const next = await bookring.link()
  const { origin, searchParams } = new URL(next)
  for (const path of ['identity/error', 'connectionLimit', 'logout']) {
    await person.follow(`${origin}/${path}`)
    await check(person, `Xero: ${path}`, found)
  }
  await person.follow(`${searchParams.get('redirect_uri')}?code=none&state=${'x'.repeat(43)}`)
  await person.reads('No sign-in is waiting for this page')
  await check(person, 'not ours', found)
  await person.follow(next)
  await person.press('Jo Whitmore')
  await person.press('Cancel')
  await person.reads('Access was not allowed')
  await check(person, 'refused', found)
  await window.failed('Access was not allowed', 'refused')
  await check(window, 'failure', found)
  assert.deepEqual(found, [])
})
