import { describe, expect, test } from 'vitest'
import { nothingToShow } from '../../cli/refresh.ts'

const none = { files: [] }
const came = (loaded: number) => [{ source: 's', year: 2026, files: 1, loaded, quarantined: 0 }]

describe('nothingToShow(report, journal)', () => {
  test.each([
    ['that nothing ever came', 0, [], /: файлов ещё не было,/],
    [
      'that a report without participants came before',
      1,
      came(0),
      /: из полученного \(1\sфайл\) не загружено ни одной строки данных,/,
    ],
    [
      'that what came gives no indicator',
      2,
      came(34),
      /: загруженного \(34\sстроки\) не хватает ни для одного показателя,/,
    ],
  ])('says %s', (_, received, delivered, why) => {
    expect(nothingToShow(none, { received, delivered, withdrawn: [] })).toMatch(why)
  })

  test('counts what is withdrawn', () => {
    const withdrawn = [{ path: 'Ф1.xlsx', sha256: 'a', reason: null, withdrawnAt: '2026-06-20' }]
    expect(nothingToShow(none, { received: 2, delivered: [], withdrawn })).toMatch(
      /: из полученного \(2\sфайла, отозвано 1\) не загружено/,
    )
  })
})
