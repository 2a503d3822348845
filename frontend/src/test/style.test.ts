/** Rules for the styles of all components. */
import { expect, test } from 'vitest'

const components = import.meta.glob<string>('../**/*.svelte', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** found names the components with a match in the style. */
const found = (pattern: RegExp) =>
  Object.entries(components)
    .filter(([, source]) => pattern.test(source.slice(source.indexOf('<style>'))))
    .map(([name]) => name)

test('no style has a container query: WebKitGTK compares larger text with the wrong width', () => {
  expect(Object.keys(components).length).toBeGreaterThan(30)
  expect(found(/@container|container-type|\dcq[a-z]/)).toEqual([])
})

test('every font size follows the text size of the window', () => {
  expect(found(/font(-size)?:[^;]*[0-9](px|pt)/)).toEqual([])
})
