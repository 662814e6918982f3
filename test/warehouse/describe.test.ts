import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadCatalog } from '../../warehouse/catalog.ts'
import { describeCatalog, describeMarkdown, meaningOf, stepOf } from '../../warehouse/describe.ts'
import { UsageError } from '../../warehouse/errors.ts'
import type { Catalog } from '../../warehouse/catalog.ts'

const northCarolina = fileURLToPath(new URL('../../examples/north-carolina', import.meta.url))
let catalog: Catalog
let project: Catalog
beforeAll(async () => {
  catalog = await loadCatalog()
  project = await loadCatalog(northCarolina)
})

describe('describeCatalog(catalog)', () => {
  it('says nothing in English of any table or column, a project’s neither', () => {
    const texts = [catalog, project].flatMap((each) =>
      describeCatalog(each).flatMap(({ table, doc, columns }) => [
        [table, doc] as const,
        ...columns.map((column) => [`${table}.${column.name}`, column.doc] as const),
      ]),
    )
    expect(texts.length).toBeGreaterThan(1000)
    const isRussian = (text: string): boolean =>
      /[а-яё]/i.test(text) && !/\b(?:the|an?|and|or|is|with|where|null|row)\b/.test(text)
    expect(texts.filter(([, text]) => !isRussian(text))).toEqual([])
  })
  it('tells of every column of a form what it means and where it stands in the form', () => {
    const forms = describeCatalog(catalog).filter(({ kind }) => kind === 'source')
    expect(forms.length).toBeGreaterThan(10)
    const [individual] = forms.filter(({ table }) => table === 'sources.vpr_individual')
    const meanings = new Map(individual?.columns.map((each) => [each.name, meaningOf(each)]))
    expect(meanings.get('raw_score')).toBe('первичный балл (столбец «Первичный балл»)')
    expect(meanings.get('year')).toMatch(/^год проведения \(сказано над таблицей/)
    expect(meanings.get('_cells')).toMatch(/список JSON \(балл за задание/)
    expect(meanings.get('_file')).toBe('файл: первые 16 цифр его SHA-256')
  })
  it('names the columns that a hash stands for', () => {
    const [protocol] = describeCatalog(catalog).filter(
      ({ table }) => table === 'sources.oge_protocol',
    )
    const column = protocol?.columns.find(({ name }) => name === 'document_ref')
    expect(column && meaningOf(column)).toMatch(/^необратимый код .* \(вместо столбцов «/)
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

  it('calls a name neither a table nor a check where both were looked for', () => {
    const missing = (name: string) => () => stepOf(catalog, name, { isCheckToo: true })
    expect(missing('mark_of_scale')).toThrow('таблицы или проверки «mark_of_scale» нет')
    expect(() => stepOf(catalog, 'mark_of_scale')).toThrow('таблицы «mark_of_scale» нет')
  })
})
