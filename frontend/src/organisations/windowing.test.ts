import { describe, expect, test } from 'vitest'
import { moved, scrollFor, visible } from './windowing'

const row = 46
const ten = { height: 10 * row, row }

describe('what is drawn', () => {
  test('only the rows near the window of 10,000 rows', () => {
    expect(visible(10_000, 5000 * row, ten)).toEqual({ first: 4992, last: 5018 })
  })

  test('no row beyond the first or the last', () => {
    expect(visible(10_000, 0, ten).first).toBe(0)
    expect(visible(10_000, 10_000 * row, ten).last).toBe(9999)
    expect(visible(10_000, -300, ten).first).toBe(0)
  })

  test('a list that became shorter than its scroll position still shows its end', () => {
    expect(visible(20, 9000 * row, ten)).toEqual({ first: 2, last: 19 })
  })

  test('larger text makes rows higher, and so draws fewer rows', () => {
    expect(visible(100, 0, { height: 460, row: 92 })).toEqual({ first: 0, last: 13 })
  })

  test('no row of an empty list', () => {
    expect(visible(0, 0, ten)).toEqual({ first: 0, last: -1 })
  })
})

describe('where the keys lead', () => {
  test.each([
    ['ArrowDown', 5, 6],
    ['ArrowDown', 99, 99],
    ['ArrowUp', 5, 4],
    ['ArrowUp', 0, 0],
    ['PageDown', 5, 13],
    ['PageUp', 5, 0],
    ['Home', 50, 0],
    ['End', 50, 99],
    ['Enter', 50, null],
    ['toString', 50, null],
  ])('%s from row %i', (key, from, to) => {
    expect(moved(key, from, 100, ten)).toBe(to)
  })
})

describe('how far to scroll', () => {
  test('a visible row does not scroll', () => expect(scrollFor(5, 0, ten)).toBe(0))
  test('a row below becomes the last visible row', () =>
    expect(scrollFor(20, 0, ten)).toBe(11 * row))
  test('a row above becomes the first visible row', () =>
    expect(scrollFor(2, 10 * row, ten)).toBe(2 * row))
})
