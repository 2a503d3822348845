import { describe, expect, test } from 'vitest'
import { codes, isCode, wordsFor } from './failures'
import { actionLabels } from './words'

describe('every failure', () => {
  test.each(codes)('%s has a title, a sentence and one action with a label', (code) => {
    const words = wordsFor({ code, detail: 'DETAIL' })
    expect(words.title).not.toBe('')
    expect(words.title).not.toMatch(/\.$/)
    expect(words.sentence).toMatch(/[.)]$/)
    expect(words.sentence).not.toContain('{')
    expect([...Object.keys(actionLabels), 'none']).toContain(words.action)
  })

  test.each(codes)('%s speaks to a person, not to a machine', (code) => {
    const { title, sentence } = wordsFor({ code, detail: '' })
    expect(`${title} ${sentence}`).not.toMatch(
      /invalid_|token|exception|null|undefined|stack|errno/i,
    )
  })
})

test('a detail with $& stays as written', () => {
  const words = wordsFor({ code: 'ports-taken', detail: '$& <b>10742</b>' })
  expect(words.sentence).toContain('$& <b>10742</b>')
})

test('an inherited property is not a code', () => {
  expect(isCode('toString')).toBe(false)
  expect(isCode('__proto__')).toBe(false)
  expect(isCode(7)).toBe(false)
  expect(isCode('offline')).toBe(true)
})
