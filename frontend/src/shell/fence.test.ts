import { afterEach, beforeEach, expect, test } from 'vitest'
import { fence } from './fence'

let lift: () => void
beforeEach(() => (lift = fence()))
afterEach(() => lift())

function sent(on: Element, event: Event): boolean {
  return !on.dispatchEvent(event)
}

test('a link does not lead the window away, nor what lies inside it', () => {
  const link = document.createElement('a')
  link.href = 'https://example.com/'
  const inside = document.createElement('b')
  link.append(inside)
  document.body.append(link)
  const press = () => new MouseEvent('click', { bubbles: true, cancelable: true })
  const middle = () => new MouseEvent('auxclick', { bubbles: true, cancelable: true })
  expect(sent(link, press())).toBe(true)
  expect(sent(inside, press())).toBe(true)
  expect(sent(inside, middle())).toBe(true)
})

test('a button still works', () => {
  const button = document.createElement('button')
  document.body.append(button)
  expect(sent(button, new MouseEvent('click', { bubbles: true, cancelable: true }))).toBe(false)
})

test.each(['submit', 'drop', 'dragover'])('%s is stopped', (type) => {
  const form = document.createElement('form')
  document.body.append(form)
  expect(sent(form, new Event(type, { bubbles: true, cancelable: true }))).toBe(true)
})

test('no window can be opened', () => {
  expect(window.open('https://example.com/')).toBeNull()
})
