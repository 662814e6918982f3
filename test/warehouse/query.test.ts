import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { build } from '../../warehouse/build.ts'
import { UsageError } from '../../warehouse/errors.ts'
import type { Home } from '../../warehouse/home.ts'
import { publish } from '../../warehouse/publish.ts'
import { query } from '../../warehouse/query.ts'
import { scratch, type Scratch } from '../support/home.ts'
import { catalogOf, miniSteps } from '../support/mini.ts'

let place: Scratch
let home: Home
beforeAll(async () => {
  place = await scratch()
  home = await place.home('home')
  const { generation } = await build(home, catalogOf(miniSteps))
  await publish(home, catalogOf(miniSteps), generation)
})
afterAll(() => place.remove())

const ask = (text: string) => query(home, text, { limit: 100 })
const refusal = async (text: string): Promise<UsageError> => {
  const error: unknown = await ask(text).catch((found: unknown) => found)
  if (error instanceof UsageError) return error
  throw new Error(`${text} was not refused`)
}

describe('query(home, text)', () => {
  it('gives whole numbers as numbers where they are exact, else as text', async () => {
    const { rows, columns } = await ask(
      `select 9007199254740993::bigint as big, 9007199254740991::bigint as safe, sum(1) as total,
              170141183460469231731687303715884105727::hugeint as huge, null::bigint as none`,
    )
    expect(rows).toEqual([
      {
        big: '9007199254740993',
        safe: 9007199254740991,
        total: 1,
        huge: '170141183460469231731687303715884105727',
        none: null,
      },
    ])
    expect(columns.map(({ type }) => type)).toEqual([
      'BIGINT',
      'BIGINT',
      'HUGEINT',
      'HUGEINT',
      'BIGINT',
    ])
  })
  it('gives values that JavaScript has no type for as JSON can hold them', async () => {
    const { rows } = await ask(
      `select map {'a': 5::bigint} as m, {'x': 1, 'y': [2, 3]} as s, [4::bigint] as l, time '10:00' as t,
              date '2026-06-01' as d, interval 1 day as i, 'пять' as text, true as yes, 1.5::decimal(5,2) as part`,
    )
    expect(JSON.parse(JSON.stringify(rows))).toEqual([
      {
        m: { a: 5 },
        s: { x: 1, y: [2, 3] },
        l: [4],
        t: '10:00:00',
        d: '2026-06-01',
        i: '1 day',
        text: 'пять',
        yes: true,
        part: 1.5,
      },
    ])
  })
  it('gives a decimal as a number where a double holds all its digits, else as text', async () => {
    const { rows } = await ask(
      `select 0.1::decimal(38,20) as short, 123456789012345::decimal(18,3) as fits, 0.00::decimal(9,2) as none,
              1234567890123456.5::decimal(18,1) as exact, -0.0000001::decimal(18,10) as small, null::decimal(18,1) as gone`,
    )
    expect(rows).toEqual([
      {
        short: 0.1,
        fits: 123456789012345,
        none: 0,
        exact: '1234567890123456.5',
        small: -1e-7,
        gone: null,
      },
    ])
  })
  it('gives a moment as it stands in the table: with its time, to its last digit, of no zone', async () => {
    const { rows } = await ask(
      `select timestamp '2026-06-01' as midnight, timestamp '2026-06-01 10:00:00.123456' as at,
              date '0045-03-15' as day, 'infinity'::timestamp as never`,
    )
    expect(rows).toEqual([
      {
        midnight: '2026-06-01 00:00:00',
        at: '2026-06-01 10:00:00.123456',
        day: '0045-03-15',
        never: 'infinity',
      },
    ])
  })
  it('gives numbers within lists, structures and JSON to the last digit, as text where a double does not hold them', async () => {
    const { rows } = await ask(
      `select [9007199254740993, 9007199254740991] as whole, [0.1::double + 0.2::double, 1e300, 1e-300] as doubles,
              {'x': 1234567890123456.78::decimal(20, 2), 'y': [1.10::decimal(5, 2), 0.0000001::decimal(18, 10)]} as parts,
              map {'k': 9007199254740993} as m, ['nan'::double, '-inf'::double] as none,
              '{"12345678901234567890": 12345678901234567890, "a": "\\" 12345678901234567890"}'::json as j`,
    )
    expect(rows).toEqual([
      {
        whole: ['9007199254740993', 9007199254740991],
        doubles: [0.1 + 0.2, 1e300, 1e-300],
        parts: { x: '1234567890123456.78', y: [1.1, 1e-7] },
        m: { k: '9007199254740993' },
        none: ['NaN', '-Infinity'],
        j: { '12345678901234567890': '12345678901234567890', a: '" 12345678901234567890' },
      },
    ])
  })
  it.each(['show tables', '-- какие есть\n SHOW  TABLES;'])(
    '%j lists the tables with their layers',
    async (text) => {
      const { rows, columns } = await ask(text)
      expect(columns).toEqual([{ name: 'name', type: 'VARCHAR' }])
      expect(rows.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['core.doubled', 'marts.mart_mini']),
      )
    },
  )
  it.each(['describe', 'summarize'])('%s tells of the columns of a table', async (word) => {
    const { rows } = await ask(`${word} marts.mart_mini`)
    expect(rows.map((row) => [row['column_name'], row['column_type']])).toEqual([
      ['name', 'VARCHAR'],
      ['title', 'VARCHAR'],
      ['twice', 'DOUBLE'],
    ])
  })
  it('keeps the order of the question and says when there are more rows than asked for', async () => {
    const { rows, truncated } = await query(
      home,
      'select i from range(5) as r(i) order by i desc',
      {
        limit: 2,
      },
    )
    expect([rows, truncated]).toEqual([[{ i: 4 }, { i: 3 }], true])
  })
  it('takes columns of one name, of a strange name and a semicolon at the end', async () => {
    const { rows } = await ask('select 1 as "a""b", 2 as c, 3 as c;;')
    expect(rows).toEqual([{ 'a"b': 1, c: 2, c_1: 3 }])
  })
  it('takes comments and signs inside a text for what they are', async () => {
    const { rows } = await ask("-- раз; два\nselect ';' as a, '--' as \"b--\" /* ; */; -- всё")
    expect(rows).toEqual([{ a: ';', 'b--': '--' }])
    const odd = await ask("select E'it\\'s -- x' as a /* в /* этом */ тоже */;")
    expect(odd.rows).toEqual([{ a: "it's -- x" }])
  })
  it.each(['', ' ;', '-- один комментарий', '/* и\n такой */ ;'])(
    'says that %j asks nothing',
    async (text) => {
      expect(await refusal(text)).toMatchObject({ code: 'query-empty', message: 'нет запроса' })
    },
  )
  it.each(['select 1; select 2', 'select 1;\ndrop table t;'])(
    'says that %j is two questions',
    async (text) => {
      const { code, message, hint } = await refusal(text)
      expect(code).toBe('query-several')
      expect(message).toContain('через точку с запятой их 2')
      expect(hint).toContain('по одному')
    },
  )
  it('takes a pivot whose columns are not named for the one question that it is', async () => {
    const { columns, rows } = await ask(
      "pivot (select unnest(['a', 'b', 'a']) as k, ';' as s) on k using count(*)::integer;",
    )
    expect(columns.map(({ name }) => name)).toEqual(['s', 'a', 'b'])
    expect(rows).toEqual([{ s: ';', a: 2, b: 1 }])
    expect(await refusal('pivot nowhere on k using count(*)')).toMatchObject({
      code: 'query-invalid',
      message: expect.stringContaining('такой таблицы или функции нет') as string,
    })
  })
  it('advises by what is wrong', async () => {
    const hints = await Promise.all(
      ['selec', 'from nowhere', 'select nothing from marts.mart_mini', "select 'a'::integer"].map(
        async (text) => (await refusal(text)).hint,
      ),
    )
    expect(hints).toEqual([
      expect.stringContaining('на которое указывает ^'),
      expect.stringContaining('какие таблицы есть'),
      expect.stringContaining('столбцы и их типы'),
      expect.stringContaining('try_cast'),
    ])
  })
  it.each([
    ['from core.doubld', 'возможно, core.doubled; какие'],
    ['from core.mart_mini', 'возможно, marts.mart_mini; какие'],
    ['from nolayer.titled', 'возможно, core.titled; какие'],
    ['from doub', 'возможно, core.doubled; какие'],
    ['from nowhere', /^какие таблицы есть/],
    ['from pg_clas', /^какие таблицы есть/],
  ])('of a table that is not there names the nearest that is: %s', async (text, said) => {
    const { hint, message } = await refusal(text)
    expect(hint).toMatch(said)
    expect(message).not.toContain('Did you mean')
  })
  it.each([
    ['selec', 'ошибка в записи', 'LINE 1: selec'],
    ['select 1\nfrom nowhere', 'такой таблицы или функции нет', 'LINE 2: from nowhere'],
    ['select nothing from marts.mart_mini', 'имя столбца неизвестно', 'LINE 1: select nothing'],
    ["select 'a'::integer", 'значение не приводится к типу', "'a'"],
  ])(
    '%j is the user’s mistake, told in Russian around DuckDB’s own words',
    async (text, frame, own) => {
      const { message, code } = await refusal(text)
      expect(code).toBe('query-invalid')
      expect(message).toContain(frame)
      expect(message).toContain(own)
      expect(message).not.toContain('as question')
    },
  )
  it.each([
    'create table t (i integer)',
    '-- так нельзя\ninsert into marts.mart_mini values (1)',
    "attach 'x.duckdb'",
    "copy (select 1) to 'x.csv'",
    "from read_csv('/etc/hosts')",
  ])('refuses %j: it only reads what is published', async (text) => {
    expect(await refusal(text)).toMatchObject({ code: 'query-denied' })
  })
  it('names a generation that is not there', async () => {
    await expect(query(home, 'select 1', { limit: 1, generation: 'g00009' })).rejects.toMatchObject(
      {
        code: 'generation-missing',
      },
    )
  })
})
