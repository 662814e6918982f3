import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openOffice, type BuildJson, type Office, type StatusJson } from '../support/office.ts'

let office: Office
beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office.remove())

describe('mera refresh, diff, rollback, publish, pin', () => {
  test('a corrected file changes what depends on it, and diff names the file', async () => {
    const file = await office.corrected('Кадры (исправлено).xlsx', 3)
    const { code, json } = await office.mera('refresh', file, '--no-site', '--json')
    const report = json() as unknown as BuildJson
    expect(code).toBe(0)
    expect(report).toMatchObject({ status: 'published', quarantined: 0 })
    expect(report.generation > office.sample.generation).toBe(true)
    expect(report.files[0]?.replaces).toEqual([expect.stringMatching(/Кадры\.xlsx$/)])
    const { replaced } = await office.status()
    expect(replaced.files).toMatchObject([
      // Rows that both have stand in the file of the smaller hash: nothing of the other may be left.
      {
        status: expect.stringMatching(/^(?:loaded|superseded)$/) as string,
        replacedBy: [expect.stringMatching(/Кадры \(исправлено\)\.xlsx$/)],
      },
    ])
    const built = report.built.map(({ table }) => table)
    expect(built).toContain('core.fct_staff')
    expect(built).not.toContain('core.fct_result')
    expect(report.unchanged).toBeGreaterThan(built.length)

    const { from, to, total, changes, files } = (await office.mera('diff', '--json')).json() as {
      from: string
      to: string
      total: number
      changes: { indicator: string; files: string[] }[]
      files: { path: string; kind: string; source: string; rows: number; moved: number }[]
    }
    expect([from, to]).toEqual([office.sample.generation, report.generation])
    expect(total).toBeGreaterThan(0)
    expect(files.find(({ path }) => path.endsWith('Кадры (исправлено).xlsx'))).toMatchObject({
      kind: 'added',
      source: 'staff_register',
      rows: 0,
    })
    const gone = files.find(({ kind }) => kind === 'removed')
    expect(gone).toMatchObject({ source: 'staff_register', rows: 3 })
    expect(gone?.moved).toBeGreaterThan(10)
    const { sha256 = '' } = report.files[0] ?? {}
    expect(changes.every((change) => change.files.includes(sha256.slice(0, 16)))).toBe(true)
    expect(changes.map(({ indicator }) => indicator)).not.toContain('mean_mark')

    const { stdout } = await office.mera('diff')
    expect(stdout).toContain('+ Кадры (исправлено).xlsx (Реестр педагогических работников, ')
    expect(stdout).toMatch(/: Доля педагогов[^:]*, 2025\/26: \d+,\d\s% → \d+,\d\s% \(n \d+ → \d+\)/)
    expect(stdout).not.toMatch(/staff_register|_share/)
  })
  test('refreshing with nothing new builds nothing and publishes nothing', async () => {
    const before = await office.status()
    const report = (
      await office.mera('refresh', '--no-site', '--json')
    ).json() as unknown as BuildJson
    expect(report).toMatchObject({ status: 'unchanged', built: [], read: 0 })
    expect(report.generation).toBe(before.published.generation)
  })
  test('rollback puts the earlier generation back, publish the later', async () => {
    const { published } = await office.status()
    const back = (await office.mera('rollback', '--json')).json()
    expect(back).toMatchObject({
      generation: office.sample.generation,
      previous: published.generation,
    })
    expect((await office.status()).published.generation).toBe(office.sample.generation)
    const { code } = await office.mera('publish', published.generation)
    expect(code).toBe(0)
    expect((await office.status()).published.contentHash).toBe(published.contentHash)
  })
  test('after a rollback says what the next publication brings, and then that it did', async () => {
    await office.mera('rollback')
    const { stdout, json } = await office.mera('status', '--json')
    expect(stdout).not.toBe('')
    const before = json() as unknown as StatusJson
    expect(before.rolledBack?.files).toEqual(['Кадры (исправлено).xlsx'])
    const taken =
      /возвращено вместо g\d+ \(rollback\)\. Так и останется, пока не загружены и не отозваны файлы и не изменены настройки; .*Кадры \(исправлено\)\.xlsx.*mera withdraw ФАЙЛ/
    expect((await office.mera('status')).stdout).toMatch(taken)
    expect((await office.mera('refresh', '--no-site')).stdout).toMatch(taken)

    await office.mera('withdraw', 'Кадры (исправлено).xlsx')
    expect((await office.status()).rolledBack?.files).toEqual([])
    expect((await office.mera('status')).stdout).not.toMatch(/в том числе|не вернулось/)
    await office.mera('withdraw', '--undo', 'Кадры (исправлено).xlsx')

    const file = await office.corrected('Другие кадры.xlsx', 1)
    const { stdout: said } = await office.mera('refresh', file, '--no-site')
    const now = (await office.status()).published.generation
    expect(now).not.toBe(before.published.generation)
    expect(said).toMatch(
      new RegExp(
        `До этого было возвращено ${before.published.generation} вместо .*mera diff ${before.published.generation} ${now}`,
      ),
    )
    expect((await office.status()).rolledBack).toBeNull()
  })
  test('pin keeps a generation until it is let go', async () => {
    expect((await office.mera('pin', office.sample.generation, '--json')).json()).toEqual({
      generation: office.sample.generation,
      pinned: [office.sample.generation],
    })
    expect((await office.status()).pinned).toEqual([office.sample.generation])
    const { generation } = office.sample
    expect((await office.mera('pin', generation, '--remove')).stdout).toContain(
      `Поколение ${generation} больше не закреплено\nЗакреплённых поколений нет`,
    )
    expect((await office.status()).pinned).toEqual([])
  })
  test('status lists every run that built, published, went back or pinned, latest first', async () => {
    const { generation } = (await office.mera('build', '--json')).json()
    await office.mera('publish')
    expect((await office.mera('publish', 'g00099')).stderr).toContain('поколения «g00099» нет')
    const { runs, publications } = await office.status()
    expect(
      runs.slice(0, 4).map(({ command, status, message }) => [command, status, message]),
    ).toEqual([
      ['publish', 'unchanged', generation],
      ['build', 'unchanged', generation],
      ['pin', 'unpinned', office.sample.generation],
      ['pin', 'pinned', office.sample.generation],
    ])
    expect(runs.map(({ command }) => command)).toContain('rollback')
    for (const run of runs.slice(0, 4)) expect(run).not.toHaveProperty('read')
    for (const publication of publications) expect(publication).not.toHaveProperty('run')
    const { stdout } = await office.mera('status')
    expect(stdout).toContain(`build (в этом процессе): ничего не изменилось, ${String(generation)}`)
    expect(stdout).not.toMatch(/unpinned|rolled-back/)
  })
  test('pin --remove says of a generation that is not kept, or is not there, that it is so', async () => {
    const { generation } = office.sample
    const again = await office.mera('pin', generation, '--remove')
    expect([again.code, again.stdout]).toEqual([
      0,
      `Поколение ${generation} и не было закреплено\nЗакреплённых поколений нет\n`,
    ])
    const missing = await office.mera('pin', 'g00077', '--remove')
    expect(missing.code).toBe(2)
    expect(missing.stderr).toMatch(
      new RegExp(`поколения «g00077» нет\n.*есть (?:g\\d{5}, )*${generation}`),
    )
  })
})

describe('a home into which no results were loaded', () => {
  test('has nothing published by refresh, which says what to do, nor by publish', async () => {
    const menu = join(office.cwd, 'меню.csv')
    await writeFile(menu, 'блюдо;цена\nсуп;100\n')
    const here = ['--home', 'пусто'] as const
    const { code, stdout } = await office.mera('refresh', menu, '--no-site', ...here)
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /Ничего не опубликовано: из полученного \(1\sфайл\) не загружено ни одной строки данных/,
    )
    expect(stdout).toContain('Исправьте названное выше и повторите: mera refresh ПАПКА')
    expect(stdout).not.toMatch(/проверки пройдены|Поколение/i)
    const status = (await office.mera('status', ...here, '--json')).json()
    expect(status).toMatchObject({ published: null, generations: [], files: 1 })
    expect((status as unknown as StatusJson).runs[0]).toMatchObject({ status: 'nothing-to-show' })

    const again = await office.mera('refresh', '--no-site', ...here, '--json')
    expect(again.code).toBe(0)
    expect(again.stderr).not.toContain('файлов ещё не было')
    expect(again.json()).toMatchObject({ status: 'nothing-to-show', published: null })

    expect((await office.mera('build', ...here)).code).toBe(0)
    const direct = await office.mera('publish', ...here)
    expect(direct.code).toBe(2)
    expect(direct.stderr).toContain('ни одного значения показателя')
  })
})

describe('mera approve', () => {
  test('where the office wants a word before publishing, nothing is published without it', async () => {
    const approvals = join(office.cwd, 'data', 'settings', 'approvals.json')
    await writeFile(approvals, JSON.stringify({ beforePublishing: true, approvers: ['Начальник'] }))
    const before = (await office.status()).published.generation
    const file = await office.corrected('Кадры (ещё раз).xlsx', 5)
    const { code, json } = await office.mera('refresh', file, '--no-site', '--json')
    const { status: ending, generation } = json() as unknown as BuildJson
    expect([code, ending]).toEqual([0, 'waiting'])
    expect((await office.status()).published.generation).toBe(before)
    expect((await office.status()).waiting).toBe(generation)
    expect((await office.mera('status')).stdout).toContain(
      `Поколение ${generation} ждёт разрешения`,
    )
    expect((await office.mera('diff', '--limit', '0', '--json')).json()).toMatchObject({
      from: before,
      to: generation,
    })

    const direct = await office.mera('publish')
    expect(direct.code).toBe(2)
    expect(direct.stderr).toContain('mera approve')
    const stranger = await office.mera('approve', '--by', 'Прохожий')
    expect(stranger.code).toBe(2)
    expect(stranger.stderr).toContain('mera approve --by ИМЯ; могут «Начальник»')
    const other = await office.mera('approve', office.sample.generation, '--by', 'Начальник')
    expect(other.code).toBe(2)
    expect(other.stderr).toContain(`mera approve ${generation}`)
    expect(other.stderr).toContain(
      `поколение ${office.sample.generation} устарело: опубликовано более новое`,
    )
    const absent = await office.mera('approve', 'g00077', '--by', 'Начальник')
    expect(absent.code).toBe(2)
    expect(absent.stderr).toMatch(/поколения «g00077» нет\n.*есть g\d{5}, /)
    expect((await office.status()).published.generation).toBe(before)

    expect((await office.mera('approve', '--by', 'Начальник')).code).toBe(0)
    const after = await office.status()
    expect(after.published.generation).toBe(generation)
    expect(after.publications[0]).toMatchObject({ generation, approved_by: 'Начальник' })
    expect(after.waiting).toBeNull()
    expect((await office.mera('approve', '--by', 'Начальник')).code).toBe(2)
    await rm(approvals)
  })
  test('where the office asks for no word, nothing is approved', async () => {
    const { code, stderr } = await office.mera('approve', office.sample.generation)
    expect(code).toBe(2)
    expect(stderr).toContain('не ждёт разрешения')
    expect((await office.status()).published.generation).not.toBe(office.sample.generation)
  })
})

describe('the way back after a rollback', () => {
  test('a file that by word stands for the one taken back is the one that its rows name', async () => {
    const former = await office.corrected('Прежние кадры.xlsx', 2)
    await office.mera('refresh', former, '--no-site')
    const before = (await office.status()).published.generation
    const file = await office.corrected('Лишние кадры.xlsx', 7)
    const wrong = (await office.mera('refresh', file, '--no-site', '--json')).json()
    await office.mera('rollback')
    // As the advice says: the file of before again, with the word that it replaces the corrected one, then refresh.
    expect((await office.mera('status')).stdout).toContain('затем выполните mera refresh')
    expect((await office.mera('load', former, '--fact', 'supersedes=Лишние кадры.xlsx')).code).toBe(
      0,
    )
    const { stdout } = await office.mera('refresh', '--no-site')
    const now = (await office.status()).published.generation
    expect([before, wrong['generation']]).not.toContain(now)
    expect(stdout).toContain(
      `${now} собрано из всего загруженного, но того, что было снято, в нём нет`,
    )
    expect(stdout).not.toContain('Лишние кадры.xlsx')
    const { total, files } = (await office.mera('diff', before, now, '--json')).json() as {
      total: number
      files: { path: string; rows: number }[]
    }
    expect(total).toBe(0)
    expect(files.filter(({ rows }) => rows > 0)).toEqual([])
    expect(files.filter(({ path }) => path.includes('Лишние'))).toEqual([])
  })
})
