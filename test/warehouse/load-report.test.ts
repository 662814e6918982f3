import { describe, expect, it } from 'vitest'
import { problemsOf, statusAgain, statusOf, type FileStatus } from '../../warehouse/load-report.ts'
import type { ParsedFile, ParsedSheet } from '../../warehouse/outcome.ts'

const sheet: ParsedSheet = {
  sheet: 'Л',
  source: null,
  year: null,
  read: 0,
  loaded: 0,
  quarantined: 0,
  ignored: 0,
  told: {},
  isBlank: false,
}
const file = (more: Partial<ParsedFile>): ParsedFile => ({
  sheets: [],
  problems: [],
  quarantine: [],
  parts: [],
  unreadable: null,
  ...more,
})
const unreadable = (code: string) => file({ unreadable: { code, message: 'м', hint: 'х' } })
const unknown = file({ sheets: [sheet] })
const table = file({ sheets: [{ ...sheet, source: 'scores', read: 2, loaded: 2 }] })

describe('statusOf(parsed, path)', () => {
  it.each([
    ['a picture, whatever its name', unreadable('file-not-table'), 'схема.xlsx', 'skipped'],
    ['a text for people', unknown, '/in/README.md', 'skipped'],
    ['a readme without an end', unknown, 'C:\\in\\readme', 'skipped'],
    ['a document that cannot be read', unreadable('file-corrupt'), 'акт.docx', 'skipped'],
    ['a table of no form', unknown, 'меню.csv', 'unrecognised'],
    ['an archive, which may hold tables', unreadable('file-archive'), 'x.zip', 'unrecognised'],
    ['a damaged table', unreadable('file-corrupt'), 'x.xlsx', 'refused'],
    ['a table called like a document', table, 'readme.md', 'loaded'],
  ] as const)('%s', (_, parsed, path, status) => {
    expect(statusOf(parsed, path)).toBe(status)
  })
})

describe('statusAgain(status)', () => {
  it('keeps what was not loaded from passing for unchanged', () => {
    const all: readonly FileStatus[] = [
      'loaded',
      'refused',
      'unrecognised',
      'skipped',
      'withdrawn',
      'superseded',
    ]
    expect(all.map(statusAgain)).toEqual([
      'unchanged',
      'refused',
      'unrecognised',
      'skipped',
      'withdrawn',
      'unchanged',
    ])
  })
})

describe('problemsOf(parsed, status)', () => {
  it('says of a file that no form claims that none does', () => {
    expect(problemsOf(unknown, 'unrecognised')).toMatchObject([
      { code: 'form-unknown', message: 'ни одна известная форма не подходит', severity: 'error' },
    ])
  })
  it('warns of a document that was passed over, and of nothing else in it', () => {
    expect(problemsOf(unreadable('file-corrupt'), 'skipped')).toMatchObject([
      { code: 'not-a-table', severity: 'warning' },
    ])
  })
  it('names what stands in the cell, in words that fit the fault', () => {
    const entry = { sheet: 'Л', row: 5, column: 'Итог', cell: 'C5', shape: null, source: 'scores' }
    const problems = problemsOf(
      file({
        quarantine: [
          { ...entry, code: 'value-unfit', message: 'ожидалось: число', value: '7' },
          { ...entry, code: 'value-unfit', message: 'ожидалось: число', value: null, shape: 'ааа' },
          { ...entry, code: 'sum', message: 'сумма баллов 14, а итог 13', value: '13' },
          { ...entry, code: 'mark', message: 'ожидалась отметка', value: '13' },
          { ...entry, code: 'value-missing', message: 'обязательная ячейка пуста', value: null },
        ],
      }),
      'loaded',
    )
    expect(problems.map(({ message }) => message)).toEqual([
      'столбец «Итог»: ожидалось: число, а стоит «7»',
      'столбец «Итог»: ожидалось: число, а стоит текст вида «ааа»',
      'столбец «Итог»: сумма баллов 14, а итог 13',
      'столбец «Итог»: ожидалась отметка (в ячейке «13»)',
      'столбец «Итог»: обязательная ячейка пуста',
    ])
  })
})
