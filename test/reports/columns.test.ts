import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reportsFolder } from '../../reports/folders.ts'
import { martTitles } from '../../reports/structure.ts'

interface Column {
  readonly id: string
  readonly title?: string
  readonly kind?: string
  readonly decimals?: number
}
const { columnsInFull } = (await import(join(reportsFolder, 'components/columns.js'))) as {
  readonly columnsInFull: (
    columns: readonly Column[] | undefined,
    rows: readonly Readonly<Record<string, unknown>>[],
    question: string,
    titles: typeof martTitles,
  ) => readonly Column[]
}

describe('columnsInFull(columns, rows, question, titles)', () => {
  const titles = {
    mart_school: { name: 'Школа', pupils: 'Учеников', share: 'Доля' },
    mart_territory: { name: 'Территория', budget: 'Бюджет' },
  }

  it('leaves alone what the page has said in full', () => {
    const said = [{ id: 'pupils', title: 'Дети', kind: 'number' }]
    expect(columnsInFull(said, [], 'from marts.mart_school', titles)).toBe(said)
  })

  it('heads a column without a title by the dictionary, and keeps the rest of what is said', () => {
    expect(
      columnsInFull(
        [
          { id: 'name', title: 'Название' },
          { id: 'pupils', kind: 'count' },
        ],
        [],
        'select * from marts.mart_school',
        titles,
      ),
    ).toEqual([
      { id: 'name', title: 'Название' },
      { id: 'pupils', kind: 'count', title: 'Учеников' },
    ])
  })

  it('takes a word from the first mart of the question that has the column', () => {
    const heads = (question: string) =>
      columnsInFull([{ id: 'name' }, { id: 'budget' }], [], question, titles).map(
        ({ title }) => title,
      )
    expect(heads('from marts.mart_territory')).toEqual(['Территория', 'Бюджет'])
    expect(heads('from marts.mart_school join marts.mart_territory using (name)')).toEqual([
      'Школа',
      'Бюджет',
    ])
  })

  it('shows all that is asked for where no columns are named; a name of the question’s own heads itself', () => {
    const rows = [
      { name: 'Школа № 1', pupils: 500, share: 0.25, school_year: 2026, Классов: null },
      { name: 'Школа № 2', pupils: null, share: 1, school_year: 2026, Классов: 12 },
    ]
    expect(columnsInFull(undefined, rows, 'from marts.mart_school', titles)).toEqual([
      { id: 'name', title: 'Школа' },
      { id: 'pupils', title: 'Учеников', kind: 'number', decimals: 0 },
      { id: 'share', title: 'Доля', kind: 'number', decimals: 3 },
      { id: 'school_year', title: 'school_year' },
      { id: 'Классов', title: 'Классов', kind: 'number', decimals: 0 },
    ])
    expect(columnsInFull(undefined, [], 'from marts.mart_school', titles)).toEqual([])
  })
})

describe('the titles of the marts', () => {
  it('are the first words of the dictionary, without what a value means', () => {
    expect(martTitles['mart_school_profile']).toMatchObject({
      school_name: 'Краткое название',
      status: 'Состояние',
      status_note: 'Состояние',
      red_count: 'Основных показателей в красной зоне в последнем году',
    })
    expect(martTitles['mart_indicator_value']?.['n']).toBe('n')
  })

  it('are Russian for every column of every mart', () => {
    const foreign = Object.values(martTitles)
      .flatMap((columns) => Object.values(columns))
      .filter((title) => title.length > 2 && !/[а-яё]/i.test(title))
    expect(foreign).toEqual([])
  })
})
