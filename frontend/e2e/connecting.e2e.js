/**
 * The main job as a single story: connect with the keyboard, from the browser's
 * page, as another user, and find every organisation again after a restart.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { eventually } from './limits.js'
import { stage } from './stage.js'
import { tabTo } from './window.js'

const { xero, bookring, window, person } = await stage({ after }, { demo: true })

test('the first organisation is connected with the keyboard alone', async () => {
  await tabTo(window.page, window.button('Connect to Xero'))
  await window.page.keyboard.press('Enter')
  await window.reads('Finish in your browser')

  const { page } = person
  await person.follow(await bookring.link())
  await tabTo(page, page.getByRole('button', { name: 'Jo Whitmore' }))
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByRole('radio').first())
  await page.keyboard.press('Space')
  await tabTo(page, page.getByRole('button', { name: 'Allow access' }))
  await page.keyboard.press('Enter')
  await person.reads('Abernathy & Sons Builders is connected')
  assert.match(await person.text(), /1 organisation is connected now/)

  await window.lists(['Abernathy & Sons Builders'])
  await window.said('Abernathy & Sons Builders is connected. 1 organisation is connected now.')
  await eventually(async () => assert.equal(await window.focusedRow(), 'Abernathy & Sons Builders'))
})

test('the next organisation is connected from the browser’s page alone', async () => {
  await person.press('Connect another organisation')
  await window.reads('Finish in your browser')
  await person.choose('Kererū Joinery Ltd')
  await person.press('Allow access')
  await person.reads('Kererū Joinery Ltd is connected')
  assert.match(await person.text(), /2 organisations are connected now/)

  await window.lists(['Abernathy & Sons Builders', 'Kererū Joinery Ltd'])
  await window.said('Kererū Joinery Ltd is connected. 2 organisations are connected now.')
  await eventually(async () => assert.equal(await window.focusedRow(), 'Kererū Joinery Ltd'))
})

test('a second Xero user is named beside the first, in the window and on the page', async () => {
  await person.press('Connect another organisation')
  await person.press('Sign in as someone else')
  await person.press('Sam Adeyemi')
  await person.choose('Granary Bakehouse')
  await person.press('Allow access')
  await person.reads('Granary Bakehouse is connected')
  assert.match(await person.text(), /Signed in as Sam Adeyemi\. Last time it was Jo Whitmore\./)
  await window.said('Signed in as Sam Adeyemi; last time it was Jo Whitmore.')

  // Two sign-ins may reach the same organisation.
  await person.press('Connect another organisation')
  await person.choose('Abernathy & Sons Builders')
  await person.press('Allow access')
  await person.reads('These organisations were connected already')
  await eventually(async () =>
    assert.deepEqual(await window.rows(), [
      ['Abernathy & Sons Builders', 'Connected', 'Sam Adeyemi, Jo Whitmore'],
      ['Granary Bakehouse', 'Connected', 'Sam Adeyemi'],
      ['Kererū Joinery Ltd', 'Connected', 'Jo Whitmore'],
    ]),
  )
})

// Only a wide list shows the country.
async function hasDetails() {
  await window.page.setViewportSize({ width: 1280, height: 760 })
  await window.page.getByText('NZD').first().waitFor()
}

test('the list is there after a restart, also when Xero cannot be reached', async () => {
  const names = ['Abernathy & Sons Builders', 'Granary Bakehouse', 'Kererū Joinery Ltd']
  await hasDetails()
  await bookring.stop()
  await bookring.start()
  await window.open()
  await window.lists(names)

  await bookring.stop()
  await xero.close()
  await bookring.start()
  await window.open()
  await window.lists(names, 'Not checked')
  await window.shows(/^Xero could not be reached.* nothing is lost\.$/)
  await hasDetails()
})
