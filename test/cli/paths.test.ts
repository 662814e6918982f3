import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shortPaths } from '../../cli/paths.ts'

describe('shortPaths(paths)', () => {
  test('a name that no other file has stands alone', () => {
    const short = shortPaths(['/in/2025/Кадры.xlsx', '/in/2026/Ф1.xlsx'])
    expect([...short.values()]).toEqual(['Кадры.xlsx', 'Ф1.xlsx'])
  })
  test('equal names get as many folders as tell them apart', () => {
    const short = shortPaths([
      '/in/2025/ВПР/Ф1.xlsx',
      '/in/2026/ВПР/Ф1.xlsx',
      '/in/2026/Архив/Ф1.xlsx',
      'C:\\файлы\\Ф3.xlsx',
    ])
    expect(Object.fromEntries(short)).toEqual({
      '/in/2025/ВПР/Ф1.xlsx': '2025/ВПР/Ф1.xlsx',
      '/in/2026/ВПР/Ф1.xlsx': '2026/ВПР/Ф1.xlsx',
      '/in/2026/Архив/Ф1.xlsx': 'Архив/Ф1.xlsx',
      'C:\\файлы\\Ф3.xlsx': 'Ф3.xlsx',
    })
  })
  test('a path that is the end of another is told whole', () => {
    const short = shortPaths(['a.csv', '/in/a.csv'])
    expect(short.get('a.csv')).toBe('a.csv')
    expect(short.get('/in/a.csv')).toBe('in/a.csv')
  })
  test('no two files are ever shown alike, and each is shown by an end of its path', () => {
    const part = fc.constantFrom('a', 'b', 'c')
    const path = fc
      .array(part, { minLength: 1, maxLength: 4 })
      .map((parts) => `/${parts.join('/')}`)
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 12 }), (paths) => {
        const short = shortPaths(paths)
        expect(new Set(short.values()).size).toBe(paths.length)
        for (const each of paths) expect(each.endsWith(short.get(each) ?? '?')).toBe(true)
      }),
    )
  })
})
