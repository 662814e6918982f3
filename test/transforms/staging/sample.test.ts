import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateSample } from '../../../examples/municipality/generate.ts'
import { subjectOf, type SubjectCode } from '../../../examples/municipality/scales.ts'
import type { Entity, Staging } from '../../../transforms/contract/entity.ts'
import { compileQuery } from '../../../warehouse/compile.ts'
import { Database, quote, type Row } from '../../../warehouse/database.ts'
import { parseSheet } from '../../../warehouse/parse.ts'
import { readWorkbook } from '../../../warehouse/readers/index.ts'
import { recognise } from '../../../warehouse/recognise.ts'
import { russianSources } from '../../support/russian-forms.ts'

const folder = new URL('../../../transforms/staging/', import.meta.url)
const stagings = (
  await Promise.all(
    readdirSync(fileURLToPath(folder))
      .filter((file) => file.endsWith('.ts'))
      .sort()
      .map((file) => import(new URL(file, folder).href) as Promise<object>),
  )
)
  .flatMap((module) => Object.values(module) as unknown[])
  .filter(
    (value): value is Staging => typeof value === 'object' && value !== null && 'yields' in value,
  )
const entities = [
  ...new Map<string, Entity>(stagings.map(({ yields }) => [yields.id, yields])).values(),
]

const sample = generateSample({ schools: 6, years: [2023, 2025] })
let database: Database

beforeAll(async () => {
  database = await Database.open(':memory:')
  await database.run('create schema sources; create schema entities')
  const rows = new Map<string, Row[]>(russianSources.map(({ name }) => [name, []]))
  for (const { path, bytes } of sample.files()) {
    if (path.endsWith('.json')) continue
    for (const sheet of await readWorkbook(Buffer.from(bytes))) {
      const found = recognise(sheet, russianSources, { facts: {}, path, dropPersonal: new Set() })
      if (found.source === null || found.refused !== undefined)
        throw new Error(`${path} is not read`)
      const parsed = parseSheet(sheet, found, (system, values) => `${system}:${values.join(' ')}`)
      parsed.rows.forEach((row, i) =>
        rows.get(found.source.name)?.push({
          ...Object.fromEntries(
            [...parsed.columns].map(([name, values]) => [name, values[i] ?? null]),
          ),
          _file: path,
          _sheet: sheet.name,
          _row: row,
          _delivery: parsed.deliveries[i] ?? '',
          _headers: parsed.headers[i] ?? null,
          _cells: parsed.cells[i] ?? null,
        }),
      )
    }
  }
  for (const source of russianSources) {
    const columns = Object.entries(source.columns).map(([name, { type }]) => ({ name, type }))
    const table = `sources.${quote(source.name)}`
    await database.run(
      `create table ${table} (${columns.map(({ name, type }) => `${quote(name)} ${type}`).join(', ')})`,
    )
    await database.append(table, columns, rows.get(source.name) ?? [])
  }
  for (const entity of entities) {
    const forms = stagings.filter(({ yields }) => yields.id === entity.id)
    const union = forms.map((form) => compileQuery(form.select()).sql).join('\nunion all by name\n')
    await database.run(`create table entities.${quote(entity.name)} as ${union}`)
  }
}, 60_000)
afterAll(() => {
  database.close()
})

const count = async (query: string): Promise<number> =>
  Number((await database.rows(`select count(*) as n from (${query})`))[0]?.['n'])

describe('the sample municipality, staged', () => {
  it.each(entities)(
    '$name holds rows, its grain and what it promises never to be empty',
    async (entity) => {
      const table = `entities.${quote(entity.name)}`
      const grain = entity.definition.grain.map(quote).join(', ')
      const needed = Object.entries(entity.columns).filter(([, { nullable }]) => !nullable)
      expect(await count(`from ${table}`)).toBeGreaterThan(0)
      expect(await count(`select 1 from ${table} group by ${grain} having count(*) > 1`)).toBe(0)
      for (const [name] of needed)
        expect([name, await count(`from ${table} where ${quote(name)} is null`)]).toEqual([name, 0])
    },
  )

  it('has the marks and primary scores that were planted', async () => {
    const found = await database.rows(`
      select procedure, subject, grade, school_year, count(*) as n, sum(raw_score) as score,
        count(*) filter (mark = 2) as m2, count(*) filter (mark = 3) as m3,
        count(*) filter (mark = 4) as m4, count(*) filter (mark = 5) as m5
      from entities.result where procedure in ('vpr') group by all`)
    const planted = sample.truth.marks
    expect(planted.length).toBeGreaterThan(10)
    for (const { year, subject, grade, n, marks, sumOfPrimaryScores } of planted) {
      const row = found.find(
        (one) =>
          one['school_year'] === year &&
          one['grade'] === grade &&
          one['subject'] === subjectOf(subject as SubjectCode).name,
      )
      expect(row).toMatchObject({
        n,
        score: sumOfPrimaryScores,
        m2: marks[2],
        m3: marks[3],
        m4: marks[4],
        m5: marks[5],
      })
    }
    expect(found).toHaveLength(planted.length)
  })

  it('has pupils of every school and year as ОО-1 counts them', async () => {
    const found = await database.rows(
      `select school_ref, school_year, value from entities.school_context where measure = 'pupils'`,
    )
    const planted = sample.truth.schools.flatMap(({ code, pupils }) =>
      Object.entries(pupils).map(([year, value]) => ({
        school_ref: code,
        school_year: Number(year),
        value,
      })),
    )
    const key = (row: Row): string => JSON.stringify([row['school_ref'], row['school_year']])
    const sorted = (rows: readonly Row[]): Row[] =>
      [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1))
    expect(sorted(found)).toEqual(sorted(planted))
  })

  it('scores the tasks of a work to its total', async () => {
    const differing = `
      select 1 from entities.result r join (
        select school_year, subject, grade, pupil_ref, list_sum(scores) as total from entities.task_result
      ) t using (school_year, subject, grade, pupil_ref)
      where r.procedure = 'vpr' and r.raw_score <> t.total`
    expect(await count(differing)).toBe(0)
    expect(
      await count(
        'from (select unnest(scores) as score from entities.task_result) where score is not null',
      ),
    ).toBeGreaterThan(1000)
  })

  it('keeps no name of anybody', async () => {
    const people = await database.rows(
      `select distinct pupil_ref from entities.result where procedure <> 'vpr' and pupil_ref like 'ris_gia_name:%'`,
    )
    expect(people).toEqual([])
  })
})
