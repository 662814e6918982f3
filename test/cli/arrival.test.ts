import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { replacedText } from '../../cli/arrival.ts'
import { sha256Of } from '../../warehouse/archive.ts'
import type { FileStatus } from '../../warehouse/land.ts'
import { mera as run, type Ran } from '../support/mera.ts'

let cwd = ''
const mera = (...args: readonly string[]): Promise<Ran> => run(args, { cwd })
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'mera-arrival-'))
  await mkdir(join(cwd, 'письма'))
})
afterEach(() => rm(cwd, { recursive: true, force: true }))

const put = (name: string, content: string): Promise<void> =>
  writeFile(join(cwd, 'письма', name), content)
/** Report Ф3 without the number of pupils: the form is told and refused. */
const refusedForm = 'ВПР. Статистика по отметкам\nГруппы участников;2;3;4;5\nedu980101;1;2;3;4\n'
interface Loaded {
  readonly files: readonly {
    readonly path: string
    readonly status: string
    readonly problems: readonly { readonly code: string; readonly message: string }[]
    readonly replacedBy?: readonly string[]
    readonly duplicates?: readonly string[]
    readonly reread?: string
  }[]
}
const loaded = (ran: Ran): Loaded['files'] => (ran.json() as unknown as Loaded).files

describe('a fact', () => {
  const medals = 'Претенденты на медаль, 2026\nКод ОО;Код участника;Степень\n2110;21010002026;1\n'
  const notices = (ran: Ran): readonly (readonly string[])[] =>
    loaded(ran).map(({ problems }) => problems.map(({ message }) => message))
  test('that no form of the files has a field for is warned of, also where the file is known', async () => {
    await put('медали.csv', medals)
    const warning = 'сведения «subject» этой форме не нужны и ни на что не повлияли'
    for (const command of ['check', 'load', 'load']) {
      const ran = await mera(command, 'письма', '--fact', 'subject=MA', '--json')
      expect([ran.code, notices(ran)]).toEqual([0, [[warning]]])
      expect(ran.stderr).toContain(`! медали.csv: ${warning}`)
    }
  })
  test('that one of the files has a field for need not be for the others', async () => {
    const staff =
      'Реестр педагогических работников\nКод ОО;Должность;Ставка;Категория\n2110;Учитель;1;\n'
    await put('кадры.csv', staff)
    const year = ['check', 'письма', '--fact', 'year=2026', '--json']
    expect(notices(await mera(...year)).flat()).toContain(
      'сведения «year» этой форме не нужны и ни на что не повлияли: её год называет «snapshot_on»',
    )
    await put('медали.csv', medals)
    expect(
      notices(await mera(...year))
        .flat()
        .join(),
    ).not.toContain('не нужны')
  })
})

describe('what is no table', () => {
  test('documents and pictures beside tables are passed over and told, and are no failure', async () => {
    await put('README.md', '# Что здесь; и зачем\n')
    await put('акт.pdf', '%PDF-1.7')
    const { code, stdout } = await mera('load', 'письма')
    expect(code).toBe(0)
    expect(stdout).toContain('не таблицы 2')
    expect(stdout).toContain('Пропущены, это не таблицы: README.md, акт.pdf')
    expect(loaded(await mera('check', 'письма', '--json')).map(({ status }) => status)).toEqual([
      'skipped',
      'skipped',
    ])
  })
  test('one that the user named is refused', async () => {
    await put('акт.pdf', '%PDF-1.7')
    for (const command of ['check', 'load', 'load']) {
      const ran = await mera(command, join('письма', 'акт.pdf'), '--json')
      expect(ran.code).toBe(1)
      expect(loaded(ran)[0]).toMatchObject({
        status: 'unrecognised',
        problems: [{ code: 'not-a-table' }],
      })
    }
  })
})

describe('a folder in which no file was found', () => {
  test('is named with what is passed over there, beside one that has files, and is no failure', async () => {
    await mkdir(join(cwd, 'пусто', 'глубже'), { recursive: true })
    for (const name of ['.скрытый.xlsx', '~$Ф1.xlsx', 'delivery.json'])
      await writeFile(join(cwd, 'пусто', name), '{}')
    await put('README.md', '# Что здесь\n')
    for (const command of ['check', 'load']) {
      const { code, stdout, stderr } = await mera(command, 'письма', 'пусто')
      expect(code).toBe(0)
      expect(stdout).toContain('Файлов: 1')
      expect(stderr).toContain('В папке «пусто» файлов не нашлось: скрытые,')
      expect(stderr).toContain('.json пропускаются')
      expect(stderr).not.toContain('«письма»')
    }
  })
})

describe('a file that was refused', () => {
  test('is refused again, with code 1 and the same problems, when it comes again', async () => {
    await put('Ф3.csv', refusedForm)
    const first = await mera('load', 'письма', '--json')
    const again = await mera('load', 'письма', '--json')
    expect([first.code, again.code]).toEqual([1, 1])
    expect(loaded(first)[0]?.status).toBe('refused')
    expect(loaded(again)).toEqual(loaded(first))
    expect((await mera('load', 'письма')).stdout).toContain('Ф3.csv')
  })
  test('of no known form says so in its problems', async () => {
    await put('меню.csv', 'блюдо;цена\nсуп;100\n')
    const ran = await mera('check', join('письма', 'меню.csv'), '--json')
    expect(ran.code).toBe(1)
    expect(loaded(ran)[0]?.problems).toMatchObject([{ code: 'form-unknown' }])
  })
  test('is named so that another of the same name is told from it', async () => {
    for (const folder of ['2025', '2026']) {
      await mkdir(join(cwd, 'письма', folder, 'ВПР'), { recursive: true })
      await put(join(folder, 'ВПР', 'Ф3.csv'), `${refusedForm}edu98010${folder.slice(3)};1;2;3;4\n`)
    }
    const { stdout } = await mera('check', 'письма')
    expect(stdout).toContain('2025/ВПР/Ф3.csv')
    expect(stdout).toContain('2026/ВПР/Ф3.csv')
  })
})

/** Report Ф1 with a column that it must not have, unless the office says that names are to be left out. */
const withNames = [
  'ВПР 2026. 4 класс',
  'Предмет: Русский язык',
  'Индивидуальные результаты',
  'Логин;ФИО;Код участника;Класс;Первичный балл;Отметка',
  'edu980101;Петрова А.;40001;4а;20;4',
].join('\n')
describe('files of before whose forms changed', () => {
  const reread = /^Разобраны заново, потому что изменились формы или их настройки: 3\sфайла .+/m
  test('are counted apart, told only where there is news of them, and fail a command only then', async () => {
    await put('Ф3.csv', refusedForm)
    await put('меню.csv', 'блюдо;цена\nсуп;100\n')
    await put('Ф1.csv', withNames)
    const refresh = (...args: readonly string[]) => mera('refresh', '--no-site', ...args)
    const first = await refresh('письма')
    expect(first.code).toBe(1)
    expect(first.stdout).toContain('Файлов: 3 (отклонено 2, не распознано 1)')

    const privacy = join(cwd, 'data', 'settings', 'privacy.json')
    await writeFile(privacy, '{"dropPersonal": ["vpr_individual"]}')
    const dropped = await refresh()
    expect(dropped.code).toBe(0)
    expect(reread.exec(dropped.stdout)?.[0]).toContain(
      '(загружено 1, отклонено 1, не распознано 1)',
    )
    expect(dropped.stdout).not.toMatch(/^Файлов:|Ф3\.csv|меню\.csv|Исправьте названное/m)

    await rm(privacy)
    const refused = await refresh()
    expect(refused.code).toBe(1)
    expect(refused.stdout).toMatch(reread)
    expect(refused.stdout).toContain('✗ Ф1.csv')
    expect(refused.stdout).not.toMatch(/Ф3\.csv|меню\.csv/)

    await writeFile(privacy, '{"dropPersonal": ["oo1_extract"]}')
    const json = await refresh('--json')
    expect(json.code).toBe(0)
    expect(
      (json.json() as unknown as Loaded).files.map(({ status, reread }) => [status, reread]).sort(),
    ).toEqual([
      ['refused', 'same'],
      ['refused', 'same'],
      ['unrecognised', 'same'],
    ])
  }, 60_000)
})

describe('a file that came twice', () => {
  test('is told with the name of the one that it repeats, by check and by load', async () => {
    await put('а.csv', refusedForm)
    await put('б.csv', refusedForm)
    for (const command of ['check', 'load']) {
      const { stdout } = await mera(command, 'письма')
      expect(stdout).toContain('б.csv — повтор файла а.csv')
    }
    const [first, second] = loaded(await mera('load', 'письма', '--json'))
    expect([second?.status, second?.replacedBy]).toEqual(['duplicate', [first?.path]])
  })
})

describe('a file with the rows of an earlier one', () => {
  const medals = 'Претенденты на медаль, 2026\nКод ОО;Код участника;Степень\n2110;210100001;1\n'
  test('is named by tables, load and status alike: where it stands, the earlier one is its repeat', async () => {
    await put('а.csv', medals)
    await mera('load', 'письма')
    let copy = `${medals}\n`
    while (sha256Of(Buffer.from(copy)) > sha256Of(Buffer.from(medals))) copy += '\n'
    await put('б.csv', copy)
    const { stdout } = await mera('load', 'письма')
    expect(stdout).toContain('загружено 1, без изменений 1')
    expect(stdout).toContain('а.csv, загруженный раньше, — теперь повтор файла б.csv')
    const [first, second] = loaded(await mera('load', 'письма', '--json'))
    expect([first?.replacedBy, second?.duplicates]).toEqual([[second?.path], [first?.path]])
    expect((await mera('status')).stdout).toContain('а.csv — повтор файла б.csv')
    await mera('build')
    const { json } = await mera(
      'sql',
      'select file_name, rows_loaded, _file = (select any_value(_file) from sources.medal_contenders) as is_named from ledger.sheet',
      '--generation',
      'g00001',
      '--json',
    )
    expect(json()['rows']).toEqual([{ file_name: 'б.csv', rows_loaded: 1, is_named: true }])
  })
})

describe('replacedText(file, shortName)', () => {
  const short = (path: string): string => path.replace('письма/', '')
  test('says by which files, wholly or in part', () => {
    const by = ['письма/1.csv']
    const told = (status: FileStatus, replacedBy?: readonly string[]) =>
      replacedText({ status, ...(replacedBy && { replacedBy }) }, short)
    expect(told('duplicate', by)).toBe('повтор файла 1.csv')
    expect(told('superseded', by)).toBe('заменён файлом 1.csv')
    const more = [...by, 'письма/2.csv', 'письма/3.csv']
    expect(told('loaded', more.slice(0, 2))).toBe('частью заменён файлом 1.csv и ещё 1\u00a0файлом')
    expect(told('superseded', more)).toBe('заменён файлом 1.csv и ещё 2\u00a0файлами')
    expect(told('duplicate', more)).toBe('повтор файла 1.csv и ещё 2\u00a0файлов')
    expect(told('loaded')).toBe('')
    expect(told('unchanged', by)).toBe('')
  })
})

describe('--fact', () => {
  test.each([
    ['yaer=2026', 'year'],
    ['year=abc', 'целое число'],
    ['delivered_on=вчера', 'дата'],
  ])('%s is a slip: nothing is loaded and what may be said is told', async (said, told) => {
    await put('Ф3.csv', refusedForm)
    const { code, stderr } = await mera('load', 'письма', '--fact', said)
    expect(code).toBe(2)
    expect(stderr).toContain(told)
    expect((await mera('status')).stderr).toContain('нет хранилища')
  })
  test('the same slip in delivery.json names the file', async () => {
    await put('Ф3.csv', refusedForm)
    await put('delivery.json', '{"yaer": "2026"}')
    const { code, stderr } = await mera('check', 'письма')
    expect(code).toBe(2)
    expect(stderr).toMatch(/delivery\.json: сведений «yaer» не бывает/)
  })
  test('help says how to take a fact back', async () => {
    expect((await mera('help', 'load')).stdout).toContain('year= снимает')
  })
})

describe('--project', () => {
  const nc = fileURLToPath(new URL('../../examples/north-carolina', import.meta.url))
  test('is remembered by the home; another is refused and so is a folder without one', async () => {
    await put('x.csv', 'x;y\n1;2\n')
    expect((await mera('load', 'письма', '--project', nc)).code).toBe(0)
    const memory = JSON.parse(await readFile(join(cwd, 'data', 'home.json'), 'utf8')) as object
    expect(memory).toMatchObject({ project: { name: 'north-carolina', folder: nc } })
    expect((await mera('describe', 'nc_pupils')).code).toBe(0)
    expect((await mera('load', 'письма')).code).toBe(0)
    expect(JSON.parse(await readFile(join(cwd, 'data', 'home.json'), 'utf8'))).toEqual(memory)

    await mera('load', 'письма', '--home', 'наше')
    const other = await mera('load', 'письма', '--home', 'наше', '--project', nc)
    expect(other.code).toBe(2)
    expect(other.stderr).toContain('ведётся с проектом «russia»')
    const none = await mera('load', 'письма', '--home', 'новое', '--project', 'письма')
    expect(none.code).toBe(2)
    expect(none.stderr).toContain('нет проекта')
  })
})

/** Where the system takes no folder from anybody. */
const nowhere = existsSync('/proc/self') ? '/proc/mera-home' : join('x.csv', 'дом', 'ещё')

describe('--home', () => {
  test.each(['x.csv', join('x.csv', 'дом'), nowhere])(
    'where no folder can be, as at %s, the command ends at once and says so',
    async (home) => {
      await put('x.csv', 'x;y\n')
      const { code, stderr } = await mera(
        'load',
        'письма',
        '--home',
        home.startsWith('/') ? home : join('письма', home),
      )
      expect(code).toBe(2)
      expect(stderr).toContain('папк')
      expect(stderr).not.toContain('непредвиденный')
    },
  )
})
