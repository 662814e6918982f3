import * as fc from 'fast-check'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { inLanes, type Order } from '../../warehouse/lanes.ts'

interface Item {
  readonly id: number
  readonly after: readonly number[]
}
const order: Order<Item> = {
  idOf: ({ id }) => String(id),
  after: ({ after }) => after.map(String),
}
/** Items of which each needs some of those before it. */
const items: fc.Arbitrary<readonly Item[]> = fc
  .array(fc.array(fc.nat({ max: 30 }), { maxLength: 3 }), { maxLength: 30 })
  .map((list) => list.map((after, id) => ({ id, after: after.filter((each) => each < id) })))

describe('inLanes(items, lanes, work, order)', () => {
  it('does everything once, each after what it needs, never more at a time than there are lanes', async () => {
    await fc.assert(
      fc.asyncProperty(items, fc.integer({ min: 1, max: 4 }), async (list, count) => {
        const done: number[] = []
        const busy = new Set<number>()
        await inLanes(
          list,
          Array.from({ length: count }, (_, lane) => lane),
          async ({ id, after }, lane) => {
            expect(busy.has(lane)).toBe(false)
            busy.add(lane)
            expect(after.filter((each) => !done.includes(each))).toEqual([])
            for (let turn = 0; turn < (id * 7) % 4; turn++) await setImmediate()
            busy.delete(lane)
            done.push(id)
          },
          order,
        )
        expect([...done].sort((a, b) => a - b)).toEqual(list.map(({ id }) => id))
      }),
      { seed: 20260901 },
    )
  })

  it('keeps the order given where there is one lane', async () => {
    const done: number[] = []
    await inLanes([3, 1, 2], ['only'], async (item) => {
      await setImmediate()
      done.push(item)
    })
    expect(done).toEqual([3, 1, 2])
  })

  it('begins what nothing waits for only where another lane stays free, and does it all the same', async () => {
    const list: readonly Item[] = [0, 1, 2, 3, 4, 5].map((id) => ({
      id,
      after: id === 5 ? [4] : [],
    }))
    const givesWay = ({ id }: Item): boolean => id < 4
    const busy = new Set<Item>()
    const begun: number[] = []
    await inLanes(
      list,
      ['a', 'b', 'c'],
      async (item) => {
        if (givesWay(item)) expect(busy.size).toBeLessThan(2)
        busy.add(item)
        begun.push(item.id)
        await setImmediate()
        busy.delete(item)
      },
      { ...order, givesWay },
    )
    expect(begun.slice(0, 3)).toEqual([0, 1, 4])
    expect([...begun].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('begins what nothing waits for in the only lane too', async () => {
    const done: number[] = []
    await inLanes(
      [{ id: 0, after: [] }],
      ['only'],
      ({ id }) => {
        done.push(id)
        return Promise.resolve()
      },
      { ...order, givesWay: () => true },
    )
    expect(done).toEqual([0])
  })

  it('begins nothing after a failure, waits for what runs, and throws the first', async () => {
    const begun: number[] = []
    const ended: number[] = []
    const work = async (item: number): Promise<void> => {
      begun.push(item)
      if (item === 1) throw new Error('first')
      await setImmediate()
      await setImmediate()
      ended.push(item)
    }
    await expect(inLanes([0, 1, 2, 3], ['a', 'b'], work)).rejects.toThrow('first')
    expect([begun, ended]).toEqual([[0, 1], [0]])
  })

  it('lets what waits for a failed item go when it fails', async () => {
    const list: readonly Item[] = [
      { id: 0, after: [] },
      { id: 1, after: [0] },
    ]
    const begun: number[] = []
    const failing = async ({ id }: Item): Promise<void> => {
      begun.push(id)
      await setImmediate()
      throw new Error(`item ${String(id)}`)
    }
    await expect(inLanes(list, ['a', 'b'], failing, order)).rejects.toThrow('item 0')
    expect(begun).toEqual([0])
  })
})
