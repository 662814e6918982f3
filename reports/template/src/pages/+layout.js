// After Evidence's own layout load. Three things differ: DuckDB-WASM is fetched only when a question is asked whose answer was not
// rendered (a filter is moved), the edition is a single DuckDB file, and the publication stands on every page.
import { browser, building, dev } from '$app/environment'
import { error } from '@sveltejs/kit'
import {
  initDB,
  query as ask,
  setParquetURLs,
  updateSearchPath,
} from '@evidence-dev/universal-sql/client-duckdb'
import { setTrackProxy } from '@evidence-dev/sdk/usql'
import { addBasePath } from '@evidence-dev/sdk/utils/svelte'
import md5 from 'blueimp-md5'

export const ssr = !dev
export const prerender = true
export const trailingSlash = 'always'

const readStatic = async (path, fetcher) => {
  if (browser) return (await fetcher(addBasePath(path))).json()
  const { readFile } = await import('fs/promises')
  return JSON.parse(await readFile(`./static${path}`, 'utf-8'))
}

let database
const openDatabase = () =>
  (database ??= (async () => {
    const { renderedFiles } = await readStatic('/data/manifest.json', fetch)
    await initDB()
    await setParquetURLs(renderedFiles, { addBasePath })
    await updateSearchPath(Object.keys(renderedFiles))
  })())

/** One file of answers a page, written when the page is rendered: query name → { columns, rows }. */
const answersPath = (routeHash, paramsHash) => `/answers/${routeHash}/${paramsHash}.json`

const renderedAnswers = async (path, fetcher) => {
  const response = await fetcher(addBasePath(path))
  if (!response.ok) return {}
  const data = {}
  for (const [name, { columns, rows }] of Object.entries(await response.json())) {
    data[`${name}_columns`] = columns.map(([column_name, column_type]) => ({
      column_name,
      column_type,
    }))
    data[`${name}_data`] = rows.map((row) =>
      Object.fromEntries(row.map((cell, at) => [columns[at][0], cell])),
    )
  }
  return data
}

const writeAnswers = async (path, answers) => {
  const { mkdir, writeFile } = await import('fs/promises')
  const file = `.svelte-kit/output/prerendered/dependencies${path}`
  await mkdir(file.slice(0, file.lastIndexOf('/')), { recursive: true })
  const packed = Object.entries(answers).flatMap(([name, { columns, rows }]) =>
    columns && rows
      ? [
          [
            name,
            { columns, rows: rows.map((row) => columns.map(([column]) => row[column] ?? null)) },
          ],
        ]
      : [],
  )
  await writeFile(file, JSON.stringify(Object.fromEntries(packed)))
}

const known = new Map()
const once = (sql) => {
  if (!known.has(sql)) known.set(sql, ask(sql))
  return known.get(sql)
}

/** Answers a query of the page being rendered and keeps the answer; a length is counted from the data, not asked for. */
const answer = (sql, name, answers) => {
  const text = sql.replace(/^----.*\n/, '')
  const [, id, part] = /^(.*)_(data|columns|length)$/.exec(name) ?? []
  if (part === 'length') {
    const inner = /^SELECT COUNT\(\*\) as rowCount FROM \(([\s\S]*)\)\s*$/.exec(text)?.[1]
    return [{ rowCount: once(`${inner.trim()}\n`).length }]
  }
  const rows = part === 'columns' ? describe(text) : once(text)
  if (part) {
    answers[id] ??= {}
    if (part === 'data') answers[id].rows = rows
    else
      answers[id].columns = rows.map(({ column_name, column_type }) => [column_name, column_type])
  }
  return rows
}

const types = { string: 'VARCHAR', number: 'DOUBLE', boolean: 'BOOLEAN' }

/** The columns of an answer, read off the answer; an empty one is described by DuckDB. */
const describe = (text) => {
  const rows = once(text.replace(/^DESCRIBE /, ''))
  if (rows.length === 0) return once(text)
  return Object.keys(rows[0]).map((column_name) => {
    const cell = rows.find((row) => row[column_name] !== null)?.[column_name]
    return { column_name, column_type: types[typeof cell] ?? 'VARCHAR' }
  })
}

/** A school that this issue does not know has no page. */
const refuseStranger = async (school, fetcher) => {
  const response = await fetcher(addBasePath('/data/schools.json'))
  if (response.ok && !(await response.json()).includes(school)) throw error(404)
}

/** Pages being rendered: passes are made until the page's own controls have chosen (one may depend on another), then the page is kept. */
const rehearsals = new Map()

export const load = async ({ fetch: fetcher, route, params, url }) => {
  const routeHash = md5(route.id ?? '')
  const paramsHash = md5(
    Object.entries(params)
      .sort()
      .map(([key, value]) => `${key}\x1F${value}`)
      .join('\x1E'),
  )
  const path = answersPath(routeHash, paramsHash)
  const { inputs = setTrackProxy({ label: '', value: '(select null where 0)' }), answers = {} } =
    rehearsals.get(url.pathname) ?? {}
  if (!browser) await openDatabase()
  if (building && !browser && route.id && !rehearsals.has(url.pathname)) {
    rehearsals.set(url.pathname, { inputs, answers })
    for (let before, after = JSON.stringify(inputs); before !== after;) {
      before = after
      await fetcher(url)
      after = JSON.stringify(inputs)
    }
    rehearsals.delete(url.pathname)
    await writeAnswers(path, answers)
  }
  const publication = await readStatic('/data/publication.json', fetcher)
  if (browser && params.school !== undefined) await refuseStranger(params.school, fetcher)
  const isRendered = publication.school_pages !== false || Object.keys(params).length === 0
  const data = browser && route.id && isRendered ? await renderedAnswers(path, fetcher) : {}

  const query = (sql, { query_name, callback = (rows) => rows } = {}) =>
    browser
      ? openDatabase()
          .then(() => ask(sql))
          .then(callback)
      : callback(answer(sql, query_name ?? '', answers))

  return {
    __db: { query, load: openDatabase, updateParquetURLs: async () => {} },
    inputs,
    data,
    publication,
    customFormattingSettings: { customFormats: [] },
    isUserPage: true,
    evidencemeta: { queries: [] },
    pagesManifest: { children: {}, frontMatter: {} },
  }
}
