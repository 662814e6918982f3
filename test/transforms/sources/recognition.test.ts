import { describe, expect, it } from 'vitest'
import { generateSample } from '../../../examples/municipality/generate.ts'
import { readWorkbook } from '../../../warehouse/readers/index.ts'
import { claimed, sheetOf } from '../../support/grid.ts'
import { grids, russianSources, type FormName } from '../../support/russian-forms.ts'

const names = Object.keys(grids) as FormName[]
/** Where the sample's list of files names a form otherwise. */
const aliases: Readonly<Record<string, FormName>> = {
  oo1: 'oo1_extract',
  vpr_journal: 'vpr_journal_wide',
  olympiad_school: 'olympiad_protocol',
  olympiad_municipal: 'olympiad_protocol',
}

describe('forms', () => {
  it.each(names)('%s claims its own sheet and no other form does', (name) => {
    expect(claimed(sheetOf(grids[name]), russianSources)).toEqual([name])
  })

  it('have a sheet here each', () => {
    expect(russianSources.map(({ name }) => name).sort()).toEqual([...names].sort())
  })

  it('leave a sheet alone that is none of theirs', () => {
    const menu = sheetOf([
      ['Меню столовой'],
      ['День', 'Блюдо', 'Цена, руб.'],
      ['Вторник', 'Суп', 41],
    ])
    expect(claimed(menu, russianSources)).toEqual([])
    expect(claimed(sheetOf([]), russianSources)).toEqual([])
  })

  it('claim every sheet of a small sample exactly once, as what it is', async () => {
    const sample = generateSample({ schools: 3, years: [2023, 2024] })
    const told = new Map<string, string | null>(
      sample.truth.files.map(({ path, source }) => [path, source]),
    )
    let sheets = 0
    for (const { path, bytes } of sample.files()) {
      const source = told.get(path) ?? null
      if (source === null) continue
      for (const sheet of await readWorkbook(Buffer.from(bytes))) {
        sheets += 1
        expect([path, ...claimed(sheet, russianSources)]).toEqual([path, aliases[source] ?? source])
      }
    }
    expect(sheets).toBe(sample.truth.files.length)
  })
})
