import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openOffice, staffFile, type LoadJson, type Office } from '../support/office.ts'

let office: Office
beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office.remove())

describe('mera sample', () => {
  test('writes the same bytes for the same options and says which files', async () => {
    const options = ['--schools', '2', '--years', '2026..2026', '--json']
    const [one, other] = await Promise.all([
      office.mera('sample', 'один', ...options),
      office.mera('sample', 'два', ...options),
    ])
    expect([one.code, other.code]).toEqual([0, 0])
    const { files } = one.json() as { files: string[] }
    expect(files).toContain('truth.json')
    expect((other.json() as { files: string[] }).files).toEqual(files)
    for (const file of files)
      expect(await readFile(join(office.cwd, 'два', file))).toEqual(
        await readFile(join(office.cwd, 'один', file)),
      )
  })
  test('never mixes a sample with what a folder holds', async () => {
    expect((await office.mera('sample', 'один')).code).toBe(2)
  })
})

describe('mera check', () => {
  test('says what a file is without a home', async () => {
    const { code, json } = await office.mera(
      'check',
      join(office.sample.files, staffFile),
      '--home',
      'нет',
      '--json',
    )
    const { files, read, loaded, quarantined } = json() as unknown as LoadJson
    expect(code).toBe(0)
    expect(files).toHaveLength(1)
    expect(files[0]).toMatchObject({ status: 'fit', sheets: [{ source: 'staff_register' }] })
    expect(read).toBeGreaterThan(0)
    expect(loaded + quarantined).toBe(read)
  })
  test('a file that no form claims ends with code 1 and says so', async () => {
    await writeFile(join(office.cwd, 'меню.csv'), 'блюдо;цена\nсуп;100\n')
    const { code, stdout } = await office.mera('check', 'меню.csv')
    expect(code).toBe(1)
    expect(stdout).toContain('ни одна известная форма не подходит')
    expect(stdout).toMatch(/Что делать\n {2}– файл неизвестной формы откройте/)
  })
})

describe('mera refresh --years', () => {
  test('reads nothing of those years where no form has changed, and publishes nothing anew', async () => {
    const { code, json } = await office.mera(
      'refresh',
      '--years',
      '2026..2026',
      '--no-site',
      '--json',
    )
    expect(code).toBe(0)
    expect(json()).toMatchObject({ status: 'unchanged', read: 0, files: [], built: [] })
  })
  test('reads again only the files of those years, though others wait for it too', async () => {
    const own = await openOffice()
    try {
      const folder = join(own.cwd, 'медали')
      await mkdir(folder)
      for (const year of ['2025', '2026'])
        await writeFile(
          join(folder, `${year}.csv`),
          `Претенденты на медаль, ${year}\nКод ОО;Код участника;Степень;СНИЛС\n2110;2101000${year};1;тайна\n`,
        )
      const refused = (await own.mera('load', folder, '--json')).json() as unknown as LoadJson
      expect(refused.files.map(({ status }) => status)).toEqual(['refused', 'refused'])
      await writeFile(
        join(own.cwd, 'data', 'settings', 'privacy.json'),
        JSON.stringify({ dropPersonal: ['medal_contenders'] }),
      )
      const years = ['--years', '2026..2026']
      const { code, json } = await own.mera('refresh', ...years, '--no-site', '--json')
      expect(code).toBe(0)
      const { files } = json() as unknown as LoadJson
      const told = new Map(files.map(({ path, status }) => [basename(path), status]))
      expect([told.get('2026.csv'), told.get('2025.csv')]).toEqual(['loaded', undefined])
      const { json: answer } = await own.mera(
        'sql',
        "select participant from sources.medal_contenders where participant like '2101000____'",
        '--json',
      )
      expect(answer()['rows']).toEqual([{ participant: '21010002026' }])
    } finally {
      await own.remove()
    }
  })
  test.each([
    ['files beside it', ['--years', '2026..2026', '.']],
    ['years from the last to the first', ['--years', '2026..2025']],
    ['one year', ['--years', '2026']],
  ])('refuses %s', async (_, words) => {
    const { code, stderr } = await office.mera('refresh', ...words)
    expect(code).toBe(2)
    expect(stderr).toContain('--years')
  })
})

describe('mera load', () => {
  test('a home that it makes keeps the time of its project and is headed by it', async () => {
    const project = fileURLToPath(new URL('../../examples/north-carolina', import.meta.url))
    await writeFile(join(office.cwd, 'пусто.csv'), 'а;б\n1;2\n')
    await office.mera('load', 'пусто.csv', '--home', 'новое', '--project', project)
    const made = await readFile(join(office.cwd, 'новое', 'home.json'), 'utf8')
    expect(JSON.parse(made)).toMatchObject({ office: '', timeZone: 'America/New_York' })
    const { json } = await office.mera('status', '--home', 'новое', '--json')
    expect(json()).toMatchObject({ office: 'Школы Северной Каролины' })
  })
  test('loading the same again loads nothing, and standard output is one object', async () => {
    const { code, stdout, stderr, json } = await office.mera('load', office.sample.files, '--json')
    const report = json() as unknown as LoadJson
    expect(code).toBe(0)
    expect(stdout.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toContain('Исполнение: в этом процессе')
    expect([report.read, report.loaded, report.quarantined]).toEqual([0, 0, 0])
    expect(new Set(report.files.map((file) => file.status))).toEqual(new Set(['unchanged']))
    expect(report.files[0]).toMatchObject({
      sha256: expect.stringMatching(/^[\da-f]{64}$/) as string,
    })
  })
  test('a log is quiet: a line a stage and nothing rewritten', async () => {
    const { stdout, stderr } = await office.mera('load', office.sample.files)
    expect(stderr).not.toMatch(/[\r\u001b]/)
    expect(stderr.trimEnd().split('\n').length).toBeLessThan(8)
    expect(stdout).toMatch(/^Файлов: \d+ \(без изменений \d+\)\n$/)
  })
  test('a file of no bytes is refused, not counted among those without data', async () => {
    await writeFile(join(office.cwd, 'ВПР 5 класс.xlsx'), '')
    const { code, stdout } = await office.mera('check', 'ВПР 5 класс.xlsx')
    expect(code).toBe(1)
    expect(stdout).toContain('отклонено 1')
    expect(stdout).toMatch(/✗ .*ВПР 5 класс\.xlsx: файл пуст.*; получите его у отправителя заново/)
  })
  test('a file that is to replace one that never came is not taken in', async () => {
    const file = await office.corrected('Кадры (взамен).xlsx', 2)
    const before = await office.mera('status', '--json')
    const { code, stdout, stderr } = await office.mera(
      'load',
      file,
      '--fact',
      'supersedes=deadbeef00',
    )
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('supersedes=deadbeef00 не называет ни одного полученного файла')
    expect(stderr).toMatch(/Что делать: .*mera sql/)
    expect((await office.mera('status', '--json')).json()['files']).toBe(before.json()['files'])
  })
  test('a damaged file ends with code 1 and leaves the rest as it was', async () => {
    await writeFile(join(office.cwd, 'сломан.xlsx'), Buffer.from('PK\u0003\u0004 и больше ничего'))
    const { code, stdout, stderr } = await office.mera('load', 'сломан.xlsx')
    expect(code).toBe(1)
    expect(stdout).toContain('отклонено 1')
    expect(stdout).toMatch(/✗ .*сломан\.xlsx: файл повреждён или передан не полностью; скачайте/)
    expect(stderr).not.toMatch(/\n\s+at /)
  })
})
