import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Expected, Fault } from '../../../examples/municipality/truth.ts'
import { loadCatalog } from '../../../warehouse/catalog.ts'
import { Database } from '../../../warehouse/database.ts'
import { readManifest } from '../../../warehouse/generation.ts'
import { load, type FileReport } from '../../../warehouse/land.ts'
import { scratch, type Scratch } from '../../support/home.ts'
import { sampleHome, type SampleHome } from '../../support/sample.ts'

let sample: SampleHome
let folder: Scratch
let database: Database
let reports: readonly FileReport[] = []
let found: ReadonlyMap<string, number> = new Map()
beforeAll(async () => {
  sample = await sampleHome('faulty')
  folder = await scratch(sample.key)
  database = await Database.open(sample.warehouse, { readOnly: true })
  const { sources } = await loadCatalog()
  reports = (await load(await folder.home('home'), sources, [sample.files])).files
  const { checks } = await readManifest(sample.home, sample.generation)
  found = new Map(checks.map((check) => [check.check, check.found]))
})
afterAll(async () => {
  database.close()
  await folder.remove()
})

const planted = (expected: Expected): readonly Fault[] =>
  sample.truth.faults.filter((fault) => fault.expected === expected)
/** A path as the truth writes it. */
const inSample = (path: string): string => path.slice(sample.files.length + 1).replaceAll('\\', '/')
const reportOf = ({ file }: Fault): FileReport => {
  const report = reports.find(({ path }) => inSample(path) === file)
  if (report === undefined) throw new Error(`no report of ${file}`)
  return report
}
const said = (fault: Fault): readonly string[] => reportOf(fault).problems.map(({ code }) => code)

/** Who says that something is wrong, for each fault that is loaded with a warning. */
const warnings: Readonly<Record<string, (fault: Fault) => unknown>> = {
  unknown_school: () => found.get('school_unknown') === 1,
  mark_not_by_scale: () => found.get('mark_off_scale') === 1,
  private_school: () =>
    found.get('school_not_municipal') === sample.truth.years[1] - sample.truth.years[0] + 1,
  branch_under_head: () => found.get('branch_without_results') === 1,
  wrong_year_in_name: (fault) => said(fault).includes('told-otherwise'),
  zero_participants: (fault) =>
    said(fault).includes('no-rows') && reportOf(fault).status === 'empty',
  correction: (fault) =>
    reportOf(fault).status === 'loaded' &&
    reports.some(
      ({ path, status }) => status === 'superseded' && fault.note.endsWith(inSample(path)),
    ),
  duplicate_later_date: () => reports.filter(({ status }) => status === 'superseded').length === 2,
}

describe('the warehouse over a sample with errors', () => {
  it('refuses by name what is to be refused, and nothing else', () => {
    const refused = reports.filter(
      ({ status }) => status === 'refused' || status === 'unrecognised',
    )
    expect(new Set(refused.map(({ sha256 }) => sha256))).toEqual(
      new Set(planted('refused').map((fault) => reportOf(fault).sha256)),
    )
    for (const fault of planted('refused')) expect(said(fault), fault.kind).not.toEqual([])
  })

  it('puts into quarantine the rows planted for it, and no other', () => {
    const rows = reports.flatMap(({ path, problems }) =>
      problems
        .filter(({ severity }) => severity === 'row')
        .map(({ cell }) => `${inSample(path)} ${(cell ?? '').replace(/^[A-Z]+/, '')}`),
    )
    expect(rows.sort()).toEqual(
      planted('quarantined')
        .map(({ file, row }) => `${file} ${String(row)}`)
        .sort(),
    )
  })

  it('loads what is to be loaded with a warning, and warns', () => {
    const kinds = planted('warning').map(({ kind }) => kind)
    expect(kinds.sort()).toEqual(Object.keys(warnings).sort())
    for (const fault of planted('warning'))
      expect(warnings[fault.kind]?.(fault), fault.kind).toBe(true)
  })

  it('reads what is to be ignored as meant, without a word', () => {
    for (const fault of planted('ignored')) {
      const { status, problems } = reportOf(fault)
      expect(['loaded', 'duplicate'], fault.kind).toContain(status)
      expect(
        problems.filter(({ severity }) => severity !== 'row'),
        fault.kind,
      ).toEqual([])
    }
  })

  it('says nothing that was not planted', () => {
    const spoken = [
      'branch_without_results',
      'mark_off_scale',
      'school_not_municipal',
      'school_unknown',
    ]
    expect([...found].flatMap(([check, n]) => (n > 0 ? [check] : [])).sort()).toEqual(spoken)
  })

  it('never mixes the levels of a subject', async () => {
    const rows = await database.rows<{ subject: string; schools: number; n: number }>(`
      select subject, count(distinct school_key)::integer as schools, max(max_raw_score)::integer as n
      from core.fct_result where procedure = 'vpr' and school_year = 2026 and grade = '7' and starts_with(subject, 'mathematics')
      group by subject order by subject`)
    expect(rows).toMatchObject([
      { subject: 'mathematics', n: 20 },
      { subject: 'mathematics_advanced', schools: 1, n: 24 },
    ])
  })

  it('gives a work of two parts one score and all its tasks', async () => {
    const [works] = await database.rows(`
      select count(*)::integer as works, count(distinct pupil_key)::integer as pupils, count(distinct test_form)::integer as forms,
             count_if(raw_score <> tasks)::integer as off, min(number)::integer as fewest, max(number)::integer as most
      from core.fct_result
      join (
        select school_year, subject, grade, pupil_key, sum(score) as tasks, count(*) as number from core.fct_task_result group by all
      ) using (school_year, subject, grade, pupil_key)
      where school_year = 2026 and subject = 'russian' and grade = '4'`)
    const planted = sample.truth.marks.find(
      ({ year, subject, grade }) => year === 2026 && subject === 'russian' && grade === 4,
    )
    expect(works).toEqual({
      works: planted?.n,
      pupils: planted?.n,
      forms: 4,
      off: 0,
      fewest: 14,
      most: 14,
    })
  })

  it('knows whose the private school is, and which school is a branch', async () => {
    const of = (kind: string): string =>
      /(?:school|branch) (\d+)/.exec(
        sample.truth.faults.find((fault) => fault.kind === kind)?.note ?? '',
      )?.[1] ?? ''
    const rows = await database.rows(`
      select school_key, founder, is_branch from core.dim_school
      where is_current and (founder <> 'municipal' or is_branch) order by school_key`)
    expect(rows).toEqual([
      { school_key: of('private_school'), founder: 'private', is_branch: false },
      { school_key: of('branch_under_head'), founder: 'municipal', is_branch: true },
    ])
  })
})
