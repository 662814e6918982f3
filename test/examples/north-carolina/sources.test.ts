import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ncProfile } from '../../../examples/north-carolina/sources/nc_profile.ts'
import type { Source } from '../../../transforms/contract/source.ts'
import { loadCatalog } from '../../../warehouse/catalog.ts'
import { check, type FileReport } from '../../../warehouse/land.ts'
import { project } from './warehouse.ts'

let folder = ''
let sources: readonly Source[] = []
beforeAll(async () => {
  ;({ sources } = await loadCatalog(project))
  folder = await mkdtemp(join(tmpdir(), 'mera-nc-sources-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const checked = async (path: string, lines: readonly string[]): Promise<FileReport> => {
  const file = join(folder, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, lines.map((line) => `${line}\n`).join(''))
  const { files } = await check(sources, [file])
  const report = files[0]
  if (report === undefined) throw new Error('no report')
  return report
}
const codes = ({ problems }: FileReport): readonly string[] => problems.map(({ code }) => code)

const straight =
  'LEA Name,unit_code,School Name,SBE District,SPG Grade,SPG Score,Reading SPG Grade,Reading  SPG Score,Math SPG Grade,Math SPG Score'
const upright = (code: string): string => `District,${code},School,West,C,66.0,C,61.0,C,69.0`
const swapped = (code: string): string => `District,${code},School,West,C,66.0,61.0,C,69.0,C`
const schools = ['010303', '010304', '00A000']

describe('performance grades', () => {
  it.each(['2015', '2016', '2031'])(
    'are read by their values in %s, whichever way the headers stand',
    async (year) => {
      const right = await checked(`right/${year}/a.csv`, [straight, ...schools.map(upright)])
      expect(right.status).toBe('fit')
      expect(codes(right)).toEqual([])

      const wrong = await checked(`wrong/${year}/a.csv`, [straight, ...schools.map(swapped)])
      expect(wrong.sheets.map(({ year: told, loaded }) => [told, loaded])).toEqual([
        [Number(year), schools.length],
      ])
      expect(codes(wrong)).toEqual(['headers-exchanged', 'headers-exchanged'])
    },
  )

  it('take the year from the last folder or the name of the file, never from a folder above', async () => {
    const paths = {
      'us_nc_2014_2017/original/2016/b.csv': 2016,
      'us_nc_2014_2017/c_2017.csv': 2017,
      'archive/2015/d.csv': 2015,
    }
    for (const [path, year] of Object.entries(paths)) {
      const { sheets } = await checked(path, [straight, ...schools.map(upright)])
      expect(
        sheets.map((sheet) => sheet.year),
        path,
      ).toEqual([year])
    }
  })

  it('are not loaded where nothing tells the year', async () => {
    const { status, problems } = await checked('nameless/e.csv', [
      straight,
      ...schools.map(upright),
    ])
    expect(status).toBe('refused')
    expect(problems.map(({ message }) => message).join()).toContain('--fact year=')
  })

  it('send an unknown letter and a score above 100 to quarantine, with the cell', async () => {
    const { problems } = await checked('bad/2016/f.csv', [
      straight,
      ...schools.map(upright),
      'District,010305,School,West,E,66.0,C,61.0,C,69.0',
      'District,010306,School,West,C,166,C,61.0,C,69.0',
    ])
    expect(problems.map(({ cell, severity }) => [cell, severity])).toEqual([
      ['E5', 'row'],
      ['F6', 'row'],
    ])
  })
})

describe('the enrolment', () => {
  const groups = ['Indian', 'Asian', 'Hispanic', 'Black', 'White', 'Pacific Island', 'Two or  More']
  const header = [
    'year',
    ...groups.flatMap((group) => [`${group} Male`, `${group} Female`]),
    'Total',
    'unit_code',
  ].join(',')
  const line = (total: string): string =>
    `2016,0,0,0,0,0,0,"1,000",0,700,92,0,0,0,0,"${total}",010303`

  it('is loaded where the total is that of the groups, commas and all', async () => {
    const { sheets } = await checked('pupils/g.csv', [header, line('1,792')])
    expect(sheets.map(({ loaded, quarantined }) => [loaded, quarantined])).toEqual([[1, 0]])
  })

  it('is not where the total is another', async () => {
    const { sheets, problems } = await checked('pupils/h.csv', [header, line('1,793')])
    expect(sheets.map(({ loaded, quarantined }) => [loaded, quarantined])).toEqual([[0, 1]])
    expect(problems.map(({ code }) => code)).toEqual(['nc-pupils-total'])
  })
})

describe('the register', () => {
  it('leaves the names of people unread', async () => {
    const header =
      'vphone_ad,year,unit_code,type_cd,super_nm,category_cd,grade_range_cd,school_type_txt,title1_type_cd,Lea_Name,School_Name,student_num'
    const report = await checked('register/i.csv', [
      header,
      '(000)000-0000,2016,00A000,C,Imaginary Person,I,K-9,Regular School,Y,Charter,School,1427.0',
    ])
    expect(report.sheets.map(({ loaded }) => loaded)).toEqual([1])
    expect(JSON.stringify(report)).not.toContain('Imaginary')
    expect(Object.keys(ncProfile.form.fields).join()).not.toMatch(/super|phone/)
  })
})
