import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reportsFolder } from '../../reports/folders.ts'

interface Mark {
  readonly x: number
  readonly y: number
  readonly r: number
}
interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}
interface Named extends Mark {
  readonly text: string
}
const { along, around, placeNames, shortName } = (await import(
  join(reportsFolder, 'components/labels.js')
)) as {
  readonly along: (points: readonly Pick<Mark, 'x' | 'y'>[]) => readonly Box[]
  readonly around: (mark: Mark) => Box
  readonly placeNames: (
    names: readonly Named[],
    taken: readonly Box[],
    bounds: Box,
    size: number,
    lines?: readonly Box[],
  ) => readonly (Named & { readonly box: Box })[]
  readonly shortName: (name: string, sign?: string) => string
}

const bounds = { left: 0, right: 700, top: 0, bottom: 400 }
const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top

describe('placeNames', () => {
  it('lets no name stand on another, on a mark or outside the picture', () => {
    const mark = fc.record({
      x: fc.integer({ min: 0, max: 700 }),
      y: fc.integer({ min: 0, max: 400 }),
      r: fc.constantFrom(4.5, 6),
      text: fc.constantFrom('МБОУ «СОШ № 4»', 'МКОУ «СОШ с. Тихая Заводь»', '№ 12'),
    })
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 40 }), (names) => {
        const marks = names.map(around)
        const boxes = placeNames(names, marks, bounds, 12.5).map(({ box }) => box)
        boxes.forEach((box, at) => {
          expect(box.left >= 0 && box.right <= 700 && box.top >= 0 && box.bottom <= 400).toBe(true)
          for (const other of [...marks, ...boxes.slice(0, at)])
            expect(overlap(box, other)).toBe(false)
        })
      }),
    )
  })

  it('names a mark that stands alone at its right, and leaves out whoever comes last into a crowd', () => {
    const alone = { x: 100, y: 100, r: 6, text: 'Лицей № 1' }
    expect(placeNames([alone], [around(alone)], bounds, 12)).toMatchObject([
      { anchor: 'start', at: 109 },
    ])
    const crowd = Array.from({ length: 20 }, (_, at) => ({
      ...alone,
      text: `Школа № ${String(at)}`,
    }))
    const placed = placeNames(crowd, crowd.map(around), bounds, 12)
    expect(placed[0]?.text).toBe('Школа № 0')
    expect(placed.length).toBeLessThan(9)
  })
})

describe('placeNames beside lines', () => {
  const mark = { x: 300, y: 100, r: 6, text: 'СОШ с. Новый Стан' }
  const place = (lines: readonly Box[]) => placeNames([mark], [around(mark)], bounds, 12, lines)

  it('sets a name where no line goes through it, though another place would come first', () => {
    const falling = along([
      { x: 330, y: 0 },
      { x: 350, y: 90 },
      { x: 420, y: 120 },
    ])
    const [placed] = place(falling)
    expect(placed).toBeDefined()
    expect(falling.some((box) => overlap(box, placed!.box))).toBe(false)
    expect(place([])[0]?.box).not.toEqual(placed?.box)
  })

  it('leaves no name out because of lines', () => {
    const point = fc.record({
      x: fc.integer({ min: 0, max: 300 }),
      y: fc.integer({ min: 0, max: 200 }),
    })
    const line = fc.array(point, { minLength: 2, maxLength: 6 })
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 12 }), line, (points, through) => {
        const marks = points.map((at) => ({ ...at, r: 6, text: 'СОШ с. Новый Стан' }))
        const within = { left: 0, right: 300, top: 0, bottom: 200 }
        const boxes = marks.map(around)
        const count = (lines: readonly Box[]) => placeNames(marks, boxes, within, 12, lines).length
        expect(count(along(through))).toBeGreaterThanOrEqual(count([]))
      }),
    )
  })
})

describe('shortName', () => {
  it.each([
    ['МБОУ «СОШ № 9»', '№ 9'],
    ['МКОУ «СОШ с. Новый Стан»', 'с. Новый Стан'],
    ['Школа', 'Школа'],
  ])('is what tells a school among others: %s', (name, short) => {
    expect(shortName(name, '№ ')).toBe(short)
  })
})
