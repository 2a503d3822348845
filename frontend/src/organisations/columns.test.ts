import { expect, test } from 'vitest'
import { layoutFor } from './columns'

/** The width of the names in a list, in pixels for text of the usual size. */
function roomForNames(width: number): number {
  const { key, columns, beside } = layoutFor(width)
  const sides = key === 'stacked' ? 24 : 40
  return columns.reduce((room, column) => room - (column.width ?? 0), width - sides - beside)
}

test('every list leaves room for readable names: 196 pixels, or two lines of 128', () => {
  for (let width = 360; width < 2000; width++) {
    const least = layoutFor(width).key === 'stacked' ? 128 : 196
    expect(roomForNames(width), `${width} pixels`).toBeGreaterThanOrEqual(least)
  }
})

test('a wider list never has fewer columns', () => {
  for (let width = 360; width < 2000; width++) {
    expect(layoutFor(width + 1).columns.length).toBeGreaterThanOrEqual(
      layoutFor(width).columns.length,
    )
  }
})

test('name, status and next step are part of every list', () => {
  for (const width of [0, 360, 640, 760, 900, 1100]) {
    expect(
      layoutFor(width)
        .columns.slice(0, 3)
        .map(({ key }) => key),
    ).toEqual(['name', 'status', 'next'])
  }
})
