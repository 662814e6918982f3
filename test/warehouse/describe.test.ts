import { beforeAll, describe, expect, it } from 'vitest'
import { loadCatalog } from '../../warehouse/catalog.ts'
import { describeCatalog, describeMarkdown, meaningOf, stepOf } from '../../warehouse/describe.ts'
import { UsageError } from '../../warehouse/errors.ts'
import type { Catalog } from '../../warehouse/catalog.ts'

let catalog: Catalog
beforeAll(async () => {
  catalog = await loadCatalog()
})

describe('describeCatalog(catalog)', () => {
  it('tells of every column of a form, in Russian, where it stands in the form', () => {
    const forms = describeCatalog(catalog).filter(({ kind }) => kind === 'source')
    expect(forms.length).toBeGreaterThan(10)
    for (const { table, columns } of forms)
      for (const column of columns)
        expect(meaningOf(column), `${table}.${column.name}`).toMatch(/[а-яё]/i)
    const [individual] = forms.filter(({ table }) => table === 'sources.vpr_individual')
    const meanings = new Map(individual?.columns.map((each) => [each.name, meaningOf(each)]))
    expect(meanings.get('raw_score')).toBe('столбец «Первичный балл»')
    expect(meanings.get('year')).toContain('над таблицей')
  })
  it('names the columns that a hash stands for', () => {
    const [protocol] = describeCatalog(catalog).filter(
      ({ table }) => table === 'sources.oge_protocol',
    )
    const column = protocol?.columns.find(({ name }) => name === 'document_ref')
    expect(column && meaningOf(column)).toMatch(/^необратимый код вместо столбцов «/)
  })
})

describe('describeMarkdown(tables)', () => {
  it('names an indicator’s unit in Russian', () => {
    const tables = describeCatalog(catalog).filter(({ table }) => table === 'indicators.pass_rate')
    expect(describeMarkdown(tables)).toContain('Единица: доля')
  })
})

describe('stepOf(catalog, name)', () => {
  it('takes a mistyped name for a slip of the command line and names what is near', () => {
    expect(() => stepOf(catalog, 'core.fct_resul')).toThrow(UsageError)
  })
})
