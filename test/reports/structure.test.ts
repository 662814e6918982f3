import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { reportsFolder } from '../../reports/folders.ts'
import { sectionsOf } from '../../reports/shell.ts'
import {
  martColumns,
  structuralRows,
  writeEdition,
  type MartColumns,
  type MartRows,
} from '../../reports/structure.ts'
import { official } from '../../transforms/editions/official.ts'
import { Database } from '../../warehouse/database.ts'
import { pageQueries } from '../support/page-queries.ts'
import { sampleHome } from '../support/sample.ts'

const folder = mkdtempSync(join(tmpdir(), 'mera-structure-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const columnsOf = async (file: string): Promise<MartColumns> => {
  const database = await Database.open(file, { readOnly: true })
  try {
    const rows = await database.rows<{ mart: string; name: string; type: string }>(
      `select table_name as mart, column_name as name, data_type as type from duckdb_columns()
       where schema_name = 'marts' order by column_index`,
    )
    return Object.fromEntries(
      [...new Set(rows.map(({ mart }) => mart))].map((mart) => [
        mart,
        Object.fromEntries(
          rows.filter((row) => row.mart === mart).map(({ name, type }) => [name, type]),
        ),
      ]),
    )
  } finally {
    database.close()
  }
}

describe('the structural edition', () => {
  it('has the tables, columns and types of the official edition that a warehouse writes', async () => {
    const { official: file } = await sampleHome('default')
    expect(martColumns).toEqual(await columnsOf(file))
  })

  it('has a row in every table', async () => {
    const file = join(folder, 'structural.duckdb')
    await writeEdition(file, structuralRows())
    expect(await columnsOf(file)).toEqual(martColumns)
    expect(Object.values(structuralRows()).map((rows) => rows.length)).toEqual(
      Object.keys(martColumns).map(() => 1),
    )
  })

  it('answers every query of every page', async () => {
    const file = join(folder, 'asked.duckdb')
    await writeEdition(file, structuralRows())
    const database = await Database.open(file, { readOnly: true })
    const queries = pageQueries(join(reportsFolder, 'pages'))
    expect(queries.length).toBeGreaterThan(30)
    for (const { name, sql } of queries)
      await expect(
        database.rows(sql).then(() => 'answered'),
        name,
      ).resolves.toBe('answered')
    database.close()
  })
})

describe('a page', () => {
  it('has no block that begins with a space: a browser drops it, and two sentences stick together', () => {
    const pages = join(reportsFolder, 'pages')
    for (const page of readdirSync(pages, { recursive: true, encoding: 'utf8' }))
      if (page.endsWith('.md'))
        expect(readFileSync(join(pages, page), 'utf8'), page).not.toMatch(
          /\{(?:#if|:else)(?:[^{}]|\{[^{}]*\})*\} /,
        )
  })
})

describe('the menu', () => {
  it('names pages by `menu`, else by their title, in the order of `place`, the others last by address', () => {
    const pages = join(folder, 'menu')
    mkdirSync(join(pages, 'schools'), { recursive: true })
    const lay = (path: string, head: string): void => {
      writeFileSync(join(pages, path), `---\n${head}\n---\n\nplace: 0\n`)
    }
    lay('zebra.md', 'title: Последняя')
    lay('apple.md', 'title: Без места')
    lay('index.md', 'title: Обзор\nplace: 1')
    lay('long.md', 'title: Длинное название\nmenu: Коротко\nplace: 10')
    lay('schools/index.md', 'title: Школы\nplace: 2')
    lay('schools/[school].md', 'title: Школа\nplace: 3')
    expect(sectionsOf(pages)).toEqual([
      ['/', 'Обзор'],
      ['/schools/', 'Школы'],
      ['/long/', 'Коротко'],
      ['/apple/', 'Без места'],
      ['/zebra/', 'Последняя'],
    ])
  })

  it('leads to every page that stands for itself, each under a name of its own', () => {
    const pages = join(reportsFolder, 'pages')
    const own = readdirSync(pages, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md') && !file.includes('['))
      .map((file) => file.replaceAll('\\', '/'))
    const menu = sectionsOf(pages)
    expect(
      menu
        .map(([href]) =>
          own.find((file) => [`${href}index.md`, `${href.slice(0, -1)}.md`].includes(`/${file}`)),
        )
        .sort(),
    ).toEqual(own.sort())
    expect(new Set(menu.map(([, name]) => name)).size).toBe(own.length)
    for (const [href, name] of menu) expect(name, href).toMatch(/^[А-Яё]/i)
  })
})

describe('a mart and a page that somebody adds', () => {
  const copy = join(folder, 'project')
  const lay = (path: string, text: string): void => {
    mkdirSync(join(copy, path, '..'), { recursive: true })
    writeFileSync(join(copy, path), text)
  }

  it('are in the structural edition and in the menu, though only their own files and the edition name them', async () => {
    const root = fileURLToPath(new URL('../../', import.meta.url))
    for (const part of ['transforms', 'warehouse', 'package.json', 'tsconfig.json'])
      cpSync(join(root, part), join(copy, part), { recursive: true })
    for (const part of ['pages', 'structure.ts'])
      cpSync(join(reportsFolder, part), join(copy, 'reports', part), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction')
    lay(
      'transforms/marts/mart_name_letters.ts',
      `import { sql } from 'kysely'
       import { integer, text } from '../contract/column.ts'
       import { defineModel } from '../contract/table.ts'
       import { martSchoolProfile } from './mart_school_profile.ts'
       export const martNameLetters = defineModel(import.meta.url, {
         doc: 'One row per school.',
         grain: ['school_key'],
         columns: { school_key: text('School'), letters: integer('Letters of its name') },
         select: () => sql\`select school_key, length(school_name)::integer as letters from \${martSchoolProfile}\`,
       })\n`,
    )
    const edition = readFileSync(join(copy, 'transforms/editions/official.ts'), 'utf8')
    lay(
      'transforms/editions/official.ts',
      `import { martNameLetters } from '../marts/mart_name_letters.ts'\n${edition.replace('tables: [', 'tables: [\ndisclose({ mart: martNameLetters }),')}`,
    )
    lay(
      'reports/pages/name_letters.md',
      '---\ntitle: Буквы\ndescription: Длина названий\n---\n\n```sql letters\nselect school_key, letters from marts.mart_name_letters\n```\n',
    )
    const added = (await import(pathToFileURL(join(copy, 'reports/structure.ts')).href)) as {
      martColumns: MartColumns
      structuralRows: () => MartRows
      writeEdition: (file: string, rows: MartRows) => Promise<void>
    }
    expect(added.martColumns['mart_name_letters']).toEqual({
      school_key: 'VARCHAR',
      letters: 'INTEGER',
    })
    const file = join(folder, 'added.duckdb')
    await added.writeEdition(file, added.structuralRows())
    const database = await Database.open(file, { readOnly: true })
    const page = pageQueries(join(copy, 'reports/pages')).find(({ name }) =>
      /name_letters/.test(name),
    )
    expect(await database.rows(page?.sql ?? '')).toEqual([{ school_key: 'structure', letters: 12 }])
    database.close()
    const menu = sectionsOf(join(copy, 'reports/pages'))
    expect(menu).toContainEqual(['/name_letters/', 'Буквы'])
    expect(menu.filter(([href]) => href !== '/name_letters/')).toEqual(
      sectionsOf(join(reportsFolder, 'pages')),
    )
  })

  it('are named by the official edition alone', () => {
    const shown = official.tables.map(({ mart }) => mart.name)
    expect(Object.keys(martColumns).sort()).toEqual(
      [...shown, 'mart_publication', 'mart_check'].sort(),
    )
  })
})
