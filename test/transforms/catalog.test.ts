import { basename, dirname } from 'node:path'
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Check } from '../../transforms/contract/check.ts'
import { Entity } from '../../transforms/contract/entity.ts'
import { Indicator } from '../../transforms/contract/indicator.ts'
import { ParameterTable } from '../../transforms/contract/parameter.ts'
import { Source } from '../../transforms/contract/source.ts'
import { Table } from '../../transforms/contract/table.ts'
import { bind } from '../../warehouse/make.ts'
import { parentsOf, promisesOf, type Catalog, type Step } from '../../warehouse/catalog.ts'
import { builder, compileQuery } from '../../warehouse/compile.ts'
import { Database } from '../../warehouse/database.ts'
import { catalog, Tables } from '../support/tables.ts'

const transforms = fileURLToPath(new URL('../../transforms/', import.meta.url))
const rooms = ['sources', 'ledger', 'parameters', 'entities', 'core', 'indicators', 'marts']
/** A room reads these. */
const readable: Readonly<Record<string, readonly string[]>> = {
  entities: ['sources'],
  core: ['entities', 'parameters', 'core'],
  indicators: ['core', 'parameters'],
  marts: ['core', 'indicators', 'ledger', 'marts', 'parameters'],
}

let found: Catalog
beforeAll(async () => {
  found = await catalog()
})
const faulty = (problem: (step: Step) => string | undefined): readonly string[] =>
  found.steps.flatMap((step) => {
    const what = problem(step)
    return what === undefined ? [] : [`${step.table.id}: ${what}`]
  })

describe('every declared table', () => {
  it('lies in the file of its name, and every such file declares one', () => {
    const files = rooms.flatMap((room) =>
      readdirSync(`${transforms}${room}`)
        .filter((name) => name.endsWith('.ts'))
        .map((name) => `${room}.${basename(name, '.ts')}`),
    )
    expect(found.steps.map(({ table }) => table.id).sort()).toEqual(files.sort())
  })

  it('begins its description with its grain, in Russian', () => {
    expect(
      faulty(({ table }) => {
        if (table instanceof Source) return undefined
        const { doc } = table.definition
        return /^Строка — [«а-яё].*\.$/i.test(doc) ? undefined : doc
      }),
    ).toEqual([])
  })

  it('has a grain of columns that it has and that are never empty', () => {
    expect(
      faulty(({ table }) => {
        if (table instanceof Source) return undefined
        const columns: Readonly<Record<string, { readonly nullable: boolean }>> = table.columns
        const { grain } = table.definition
        const wrong = grain.filter((name) => columns[name]?.nullable !== false)
        return grain.length > 0 && wrong.length === 0 ? undefined : wrong.join(', ')
      }),
      // A delivered group may cover all grades; a warehouse without a single fact has no first year.
    ).toEqual(['entities.result_group: grade', 'marts.mart_publication: first_year'])
  })

  it('says in Russian what each of its columns means', () => {
    expect(
      faulty(({ table }) => {
        const foreign = Object.entries(table.columns).filter(([, { doc }]) => !/[а-яё]/i.test(doc))
        return foreign.length === 0 ? undefined : foreign.map(([name]) => name).join(', ')
      }),
    ).toEqual([])
  })

  it('refers to columns that the other table has', () => {
    expect(
      faulty(({ table }) => {
        const wrong = Object.entries(promisesOf(table)?.references ?? {}).filter(
          ([column, target]) => {
            if (target === undefined) return false
            const [parent, key] = target instanceof Table ? [target, column] : target
            return !(column in table.columns) || !(key in parent.columns)
          },
        )
        return wrong.length === 0 ? undefined : wrong.map(([column]) => column).join(', ')
      }),
    ).toEqual([])
  })

  it('orders the rows of every input that a computation reads', () => {
    expect(
      faulty((step) => {
        if (step.kind !== 'computation') return undefined
        const loose = Object.entries(step.inputs).filter(
          ([, { sql }]) => !/\border by [^()]*(?:\([^()]*\)[^()]*)*$/i.test(sql),
        )
        return loose.length === 0 ? undefined : loose.map(([name]) => name).join(', ')
      }),
    ).toEqual([])
  })
})

describe('lineage', () => {
  it('only looks down', () => {
    expect(
      faulty((step) => {
        const allowed = readable[step.table.schema] ?? []
        const up = parentsOf(step).filter((id) => !allowed.includes(id.split('.')[0] ?? ''))
        return up.length === 0 ? undefined : up.join(', ')
      }),
    ).toEqual([])
  })

  it('puts every table after its parents, so there is no cycle', () => {
    const done = new Set<string>()
    for (const step of found.steps) {
      expect(parentsOf(step).filter((parent) => !done.has(parent))).toEqual([])
      done.add(step.table.id)
    }
  })

  it('has a reader for every entity, parameter and table of the ledger', () => {
    const used = new Set(found.steps.flatMap(parentsOf))
    expect(
      faulty(({ table }) =>
        ['entities', 'parameters', 'ledger'].includes(table.schema) && !used.has(table.id)
          ? 'nothing reads it'
          : undefined,
      ),
    ).toEqual([])
  })

  it('unites in each entity all staging that yields it', () => {
    const entities = found.steps.filter(({ table }) => table instanceof Entity)
    for (const step of entities) {
      const forms = found.stagings.filter(({ yields }) => yields.id === step.table.id)
      expect(forms.length, step.table.id).toBeGreaterThan(0)
    }
    const known = new Set(entities.map(({ table }) => table.id))
    expect(found.stagings.filter(({ yields }) => !known.has(yields.id))).toEqual([])
  })
})

describe('every query', () => {
  it('binds to exactly its columns, and an empty warehouse can be built', async () => {
    const tables = await Tables.of([])
    for (const { table } of found.steps) await tables.read(table)
    tables.close()
  })

  it('of a check binds', async () => {
    const tables = await Tables.of([])
    for (const check of found.checks) {
      const { sql, parents } = compileQuery(check.select(builder))
      for (const id of parents) {
        const step = found.steps.find(({ table }) => table.id === id)
        expect(step, id).toBeDefined()
        if (step !== undefined) await tables.read(step.table)
      }
      expect(await tables.rows(sql), check.name).toEqual([])
    }
    tables.close()
  })
})

describe('bind(database, id, columns, query)', () => {
  const columns = [
    { name: 'a', type: 'INTEGER' },
    { name: 'b', type: 'VARCHAR' },
  ]
  const complaint = async (query: string): Promise<string> => {
    const database = await Database.open(':memory:')
    try {
      await bind(database, 'core.x', columns, query)
      return ''
    } catch (error) {
      return (error as Error).message
    } finally {
      database.close()
    }
  }

  it('accepts the declared columns in their order', async () => {
    expect(await complaint("select 1::integer as a, 'x' as b")).toBe('')
  })

  it('names what drifted', async () => {
    expect(await complaint('select 1::bigint as a, 2 as c')).toBe(
      'core.x: b is missing; c is not declared; a is BIGINT, declared INTEGER',
    )
    expect(await complaint("select 'x' as b, 1::integer as a")).toBe(
      'core.x: order of columns: b VARCHAR, a INTEGER',
    )
  })
})

describe('every indicator', () => {
  it('gives numerator, denominator, value, n and an interval or the reason why there is none', () => {
    const needed = ['numerator', 'denominator', 'value', 'n', 'se', 'lo', 'hi', 'interval_basis']
    for (const indicator of found.indicators)
      expect(Object.keys(indicator.columns), indicator.name).toEqual(expect.arrayContaining(needed))
  })

  it('has a whole passport in Russian with a number of the catalogue of its own', () => {
    const passports = found.indicators.map(({ passport }) => passport)
    for (const { catalogue, title, definition, formula, source, interval, version } of passports) {
      expect(catalogue).toMatch(/^IND-[A-Z]{2,4}-\d{2}$/)
      for (const text of [title, definition, source, interval])
        expect(text, catalogue).toMatch(/[а-яё]/i)
      expect(formula.trim(), catalogue).not.toBe('')
      expect(version, catalogue).toBeGreaterThanOrEqual(1)
    }
    expect(new Set(passports.map(({ catalogue }) => catalogue)).size).toBe(passports.length)
    expect(new Set(passports.map(({ title }) => title)).size).toBe(passports.length)
  })

  it('writes its name and version into its rows', () => {
    for (const step of found.steps)
      if (step.table instanceof Indicator && step.kind === 'sql') {
        expect(step.query.sql).toContain(`'${step.table.name}'::varchar as indicator`)
        expect(step.query.sql).toContain(`'${step.table.version}'::varchar as method_version`)
      }
  })

  it('is one of at least twelve, over attainment, objectivity, context and staffing', () => {
    expect(found.indicators.length).toBeGreaterThanOrEqual(12)
    expect([...new Set(found.indicators.map(({ passport }) => passport.section))]).toEqual(
      expect.arrayContaining(['attainment', 'objectivity', 'context', 'staffing']),
    )
  })
})

describe('every parameter row', () => {
  const tables = () =>
    found.steps.flatMap(({ table }) => (table instanceof ParameterTable ? [table] : []))

  it('has a source and a tag', () => {
    for (const table of tables())
      for (const { source, tag } of table.definition.rows) {
        expect(source.trim(), table.id).not.toBe('')
        expect(tag, table.id).toMatch(/^(?:S|W\d*|R\d*|G\??|P)$/)
      }
  })

  it('is told by its grain, scope and first day', () => {
    for (const table of tables()) {
      const keys = table.definition.rows.map((row) =>
        JSON.stringify([
          ...table.definition.grain.map((name) => row[name]),
          row.scope,
          row.valid_from,
        ]),
      )
      expect(new Set(keys).size, table.id).toBe(keys.length)
    }
  })
})

describe('every check', () => {
  it('says in Russian what is wrong, when it matters and what to do', () => {
    const texts = ({ title, what, when, remedy }: Check) => [title, what, when, remedy]
    for (const check of found.checks)
      for (const text of texts(check)) expect(text, check.name).toMatch(/[а-яё]{3}/i)
    expect(new Set(found.checks.map(({ name }) => name)).size).toBe(found.checks.length)
  })
})

describe('every edition', () => {
  it('shows marts only and explains in Russian what it hides', () => {
    for (const edition of found.editions) {
      expect(edition.note).toMatch(/[а-яё]{3}/i)
      expect(edition.title).toMatch(/[а-яё]{3}/i)
      for (const { mart } of edition.tables) expect(mart.schema).toBe('marts')
    }
  })

  it('names conditions and columns that bind to its marts', async () => {
    const tables = await Tables.of([])
    for (const edition of found.editions)
      for (const { mart, keep, mask, without } of edition.tables) {
        const columns = Object.keys(mart.columns)
        await tables.read(mart, keep)
        if (mask !== undefined) await tables.read(mart, mask.when)
        expect(columns).toEqual(
          expect.arrayContaining([...Object.keys(mask?.columns ?? {}), ...(without ?? [])]),
        )
      }
    tables.close()
  })
})

describe('test files', () => {
  it('lie where what they test lies', () => {
    const test = fileURLToPath(new URL('.', import.meta.url))
    const folders = readdirSync(test, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => dirname(name))
    for (const folder of new Set(folders)) expect(existsSync(`${transforms}${folder}`)).toBe(true)
  })
})
