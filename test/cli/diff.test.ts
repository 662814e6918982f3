import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changeLine, changeText, midPhrase, rowsText } from '../../cli/diff.ts'
import { run } from '../../cli/main.ts'
import { build } from '../../warehouse/build.ts'
import type { Home } from '../../warehouse/home.ts'
import { publish } from '../../warehouse/publish.ts'
import { scratch, type Scratch } from '../support/home.ts'
import { catalogOf, miniSteps, parameterStep, rate, rateRow, withStep } from '../support/mini.ts'

describe('mera diff where there is nothing to compare with', () => {
  let place: Scratch
  let home: Home
  beforeAll(async () => {
    place = await scratch()
    home = await place.home('home')
  })
  afterAll(() => place.remove())
  const issue = async (value: number): Promise<void> => {
    const catalog = catalogOf(withStep(miniSteps, parameterStep(rate, [rateRow('b', value)])))
    await publish(home, catalog, (await build(home, catalog)).generation)
  }
  const said = async (...args: readonly string[]): Promise<[number, string]> => {
    const [out, err] = [new PassThrough(), new PassThrough()]
    const code = await run(['diff', ...args, '--home', home.path], {
      out: out as unknown as NodeJS.WriteStream,
      err: err as unknown as NodeJS.WriteStream,
      env: {},
      signal: new AbortController().signal,
    })
    return [code, `${String(out.read() ?? '')}${String(err.read() ?? '')}`]
  }

  it('says why: nothing is built, or nothing was before, though there be others', async () => {
    expect(await said()).toEqual([0, 'Сравнивать не с чем: ещё ничего не построено\n'])
    await issue(1)
    const first = 'Сравнивать не с чем: опубликованных до g00001 поколений в хранилище нет'
    expect(await said()).toEqual([0, `${first}\n`])
    await issue(2)
    expect(await said('g00001')).toEqual([
      0,
      `${first}; с g00002 его сравнит mera diff g00001 g00002 --home ${home.path}\n`,
    ])
  })

  it('refuses a generation that is not there', async () => {
    const [code, text] = await said('g00000')
    expect(code).toBe(2)
    expect(text).toContain('поколения «g00000» нет')
  })
})

const standing = (value: number | null, value_text: string, lo = 0.1, hi = 0.9) => ({
  value,
  n: 100,
  lo,
  hi,
  zone: 'green',
  value_text,
  zone_label: 'в пределах ожидаемого',
})
const told = (...sides: Parameters<typeof changeText>): string =>
  changeText(...sides).replaceAll('\u00a0', ' ')

describe('changeText(before, after)', () => {
  it('shows both values as pages do where that tells them apart', () => {
    expect(told(standing(0.504, '50,4 %'), standing(0.51, '51,0 %'))).toBe('50,4 % → 51,0 %')
    expect(told(null, standing(0.51, '51,0 %'))).toBe('— → 51,0 %')
  })

  it('adds digits until two values differ that print alike', () => {
    expect(told(standing(0.50401, '50,4 %'), standing(0.50404, '50,4 %'))).toBe(
      '50,401 % → 50,404 %',
    )
    expect(told(standing(3.4101, '3,41'), standing(3.4149, '3,41'))).toBe('3,410 → 3,415')
  })

  it('shows the interval where the value is the same', () => {
    expect(told(standing(0.504, '50,4 %', 0.4, 0.6), standing(0.504, '50,4 %', 0.41, 0.6))).toBe(
      '50,4 %, интервал 40,0 %–60,0 % → 41,0 %–60,0 %',
    )
  })

  it('shows both ends of an interval with equal digits', () => {
    expect(
      told(
        standing(0.58, '58,0 %', 0.5711784, 0.59216),
        standing(0.58, '58,0 %', 0.5711778, 0.59217),
      ),
    ).toBe('58,0 %, интервал 57,118 %–59,216 % → 57,118 %–59,217 %')
  })

  it('shows a value once where something else changed', () => {
    expect(told(standing(0.504, '50,4 %'), standing(0.504, '50,4 %'))).toBe('50,4 %')
  })
})

describe('changeLine(change)', () => {
  it('says of a number of people that it was not delivered, not that there were none', () => {
    const said = changeLine({
      ...{ indicator: 'pass_rate', indicator_title: 'Успеваемость', level: 'school' },
      ...{ unit_key: '4', unit_name: 'МБОУ «СОШ № 4»', procedure: 'all', procedure_name: '' },
      ...{ subject: 'all', subject_name: '', grade: 'all', grade_name: '', school_year: 2026 },
      ...{ kind: 'changed', files: [] },
      before: standing(0.504, '50,4 %'),
      after: { ...standing(0.504, '50,4 %'), n: null },
    })
    expect(said.replaceAll('\u00a0', ' ')).toBe(
      'МБОУ «СОШ № 4»: Успеваемость, 2025/26: 50,4 % (n 100 → не передано)',
    )
  })
})

describe('rowsText({ rows, moved })', () => {
  it('counts what differs apart from what only lies in another file', () => {
    const spaced = (text: string): string => text.replaceAll('\u00a0', ' ')
    expect(rowsText({ rows: 3, moved: 0 })).toBe('строк с отличиями: 3')
    expect(spaced(rowsText({ rows: 1, moved: 1346 }))).toBe(
      'строк с отличиями: 1; таких же, как в другом файле: 1 346',
    )
    expect(spaced(rowsText({ rows: 0, moved: 1347 }))).toBe(
      'отличий нет, строк таких же, как в другом файле: 1 347',
    )
  })
})

describe('midPhrase(name)', () => {
  it('begins with a small letter, unless it is an abbreviation', () => {
    expect(['Русский язык', 'ОБЖ', 'английский', ''].map(midPhrase)).toEqual([
      'русский язык',
      'ОБЖ',
      'английский',
      '',
    ])
  })
})
