/** Ended sign-ins: the repair plan, largest repair first, followed with the keyboard. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { eventually } from './limits.js'
import { stage } from './stage.js'
import { tabTo } from './window.js'

const { xero, bookring, window, person } = await stage({ after }, { demo: true })
const [jo, sam, aroha] = ['Jo Whitmore', 'Sam Adeyemi', 'Aroha Ngata']
const both = 'Dunes Surf School'
const theirs = {
  [jo]: ['Calder Street Vets', 'Eastgate Optometry', 'Fjord Analytics Ltd', both],
  [sam]: [both, 'Granary Bakehouse', 'Ó Briain Physiotherapy'],
}
const again = (name) => window.button(`Sign in again as ${name}`)

/** statuses returns once every organisation in the list has the given status. */
const statuses = (wanted) =>
  eventually(async () => {
    const rows = await window.rows()
    const found = Object.fromEntries(rows.map(([name, status]) => [name, status]))
    assert.deepEqual(found, wanted)
  })
const all = (status, names) => Object.fromEntries(names.map((name) => [name, status]))
const everything = [...new Set([...theirs[jo], ...theirs[sam]])]

test('two sign-ins that reach an organisation are both named', async () => {
  for (const who of [jo, sam]) {
    for (const name of theirs[who]) {
      await window.connect()
      await person.follow(await xero.allow(await bookring.link(), who, [name]))
      await eventually(async () => {
        const rows = await window.rows()
        const row = rows.find(([listed]) => listed === name)
        assert.equal(row?.[2].split(', ')[0], who)
      })
    }
  }
  await statuses(all('Connected', everything))
  await window.shows(`${sam}, ${jo}`)
})

test('the second sign-in carries the organisation at once after the end of the first', async () => {
  await xero.endTokens(sam)
  await window.press('Check now')
  await statuses({
    ...all('Connected', theirs[jo]),
    ...all('Sign in again', theirs[sam].slice(1)),
  })
  await window.shows(`${jo}, ${sam}`)
  await window.reads('2 need attention.')
})

test('several ended sign-ins are a plan, largest repair first', async () => {
  await xero.endTokens(jo)
  await window.press('Check now')
  await statuses(all('Sign in again', everything))
  await window.reads('2 sign-ins repair 6 organisations.')
  const steps = await window.page.getByRole('region', { name: /repair/ }).getByRole('listitem')
  assert.deepEqual(await steps.getByRole('button').allInnerTexts(), [
    `Sign in again as ${jo}`,
    `Sign in again as ${sam}`,
  ])
})

test('another user than expected is named in window and page, and overwrites nothing', async () => {
  await tabTo(window.page, again(jo))
  await window.page.keyboard.press('Enter')
  const back = await xero.allow(await bookring.link(), aroha, ['Bright Fern Nurseries'])
  await person.follow(back)
  await person.reads(`Signed in as ${aroha}, not as ${jo}`)
  await window.shows(`Signed in as ${aroha}, not as ${jo}`)
  await window.said(`4 organisations still wait for ${jo}.`)
  await statuses({
    ...all('Sign in again', everything),
    'Bright Fern Nurseries': 'Connected',
  })
})

test('the page’s button starts another try, and the window moves to the next step', async () => {
  await person.press(`Sign in again as ${jo}`)
  await person.press(jo)
  await person.press('Continue with 4 organisations')
  await person.reads('4 organisations are connected')
  await statuses({
    ...all('Connected', [...theirs[jo], 'Bright Fern Nurseries']),
    ...all('Sign in again', theirs[sam].slice(1)),
  })
  await eventually(async () => {
    assert.ok(await again(sam).evaluate((button) => button === document.activeElement))
  })
})

test('the last step ends the plan', async () => {
  await window.page.keyboard.press('Enter')
  await person.follow(await xero.carryOn(await bookring.link(), sam))
  await statuses(all('Connected', [...everything, 'Bright Fern Nurseries']))
  await again(sam).waitFor({ state: 'detached' })
})
