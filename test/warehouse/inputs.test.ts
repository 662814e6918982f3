import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ParameterTable } from '../../transforms/contract/parameter.ts'
import { Database } from '../../warehouse/database.ts'
import type { Home } from '../../warehouse/home.ts'
import { Inputs } from '../../warehouse/inputs.ts'
import { receive, type Facts } from '../../warehouse/land.ts'
import { scratch, type Scratch } from '../support/home.ts'
import { catalogOf, miniSteps, rate, rateRow } from '../support/mini.ts'

describe('what a build depends on', () => {
  it('is read again after a question failed while another was asked', async () => {
    const place = await scratch()
    const home = await place.home('home')
    const rows: Database['rows'] = Reflect.get(Database.prototype, 'rows')
    const broken = vi.spyOn(Database.prototype, 'rows').mockImplementation(function (
      this: Database,
      ...args
    ) {
      return args[0].includes('any_value(parquet)')
        ? Promise.reject(new Error('a broken disk'))
        : rows.apply(this, args)
    })
    try {
      await expect(Inputs.read(home, catalogOf(miniSteps))).rejects.toThrow('a broken disk')
      broken.mockRestore()
      expect((await Inputs.read(home, catalogOf(miniSteps))).rows).toBe(0)
    } finally {
      broken.mockRestore()
      await place.remove()
    }
  })
})

describe('parameters in force', () => {
  let place: Scratch
  let home: Home
  beforeEach(async () => {
    place = await scratch()
    home = await place.home('home')
  })
  afterEach(() => place.remove())

  const names = async (): Promise<readonly unknown[]> => {
    const inputs = await Inputs.read(home, catalogOf(miniSteps))
    const rows = [rateRow('shared', 1), { ...rateRow('of the sample', 2), scope: 'sample' }]
    return inputs.activeRows(rate as unknown as ParameterTable, rows).map(({ name }) => name)
  }

  it('are one for each school year in a yearly table, and the last year’s in any other', async () => {
    const inputs = await Inputs.read(home, catalogOf(miniSteps))
    const rows = [rateRow('a', 1), { ...rateRow('a', 2), valid_from: '2025-09-01' }]
    const values = (table: ParameterTable): readonly unknown[] =>
      inputs.activeRows(table, rows).map((row) => [row['value'], row.valid_from, row.valid_to])
    const yearly = new ParameterTable('file:///mini/parameters/rate.ts', {
      ...rate.definition,
      isYearly: true,
    })
    expect(values(yearly as unknown as ParameterTable)).toEqual([
      [1, null, '2025-08-31'],
      [2, '2025-09-01', null],
    ])
    expect(values(rate as unknown as ParameterTable)).toEqual([[2, '2025-09-01', null]])
  })

  it('are those of a scope that came with files, until it is taken back', async () => {
    const file = join(place.folder, 'file.csv')
    await writeFile(file, 'a;b\n1;2\n')
    const say = (facts: Facts) => receive(home, [file], { facts })
    expect(await names()).toEqual(['shared'])
    await say({ scope: 'sample' })
    expect(await names()).toEqual(['shared', 'of the sample'])
    await say({ scope: '' })
    expect(await names()).toEqual(['shared'])
  })
})
