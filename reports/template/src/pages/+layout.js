// After Evidence's own layout load. Three things differ: DuckDB-WASM is fetched only when a question is asked whose answer was not
// rendered (a filter is moved), the edition is a single DuckDB file, and the publication stands on every page.
import { browser, dev } from '$app/environment'
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

const readStatic = async (path, fetcher) => (await fetcher(addBasePath(path))).json()

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

/** A school that this issue does not know has no page. */
const refuseStranger = async (school, fetcher) => {
  const response = await fetcher(addBasePath('/data/schools.json'))
  if (response.ok && !(await response.json()).includes(school)) throw error(404)
}

const makeInputs = () => setTrackProxy({ label: '', value: '(select null where 0)' })

// The publication is for the layout alone, which marks by `data-issue` what it says of it; a page asks marts.mart_publication.
export const load = async ({ fetch: fetcher, route, params }) => {
  const paramsHash = md5(
    Object.entries(params)
      .sort()
      .map(([key, value]) => `${key}\x1F${value}`)
      .join('\x1E'),
  )
  const path = answersPath(md5(route.id ?? ''), paramsHash)
  const rest = {
    customFormattingSettings: { customFormats: [] },
    isUserPage: true,
    evidencemeta: { queries: [] },
    pagesManifest: { children: {}, frontMatter: {} },
  }
  if (!browser) {
    const { publication, answer, begin } = globalThis[Symbol.for('mera.rendering')] // rendering/pages.mjs
    const query = (sql, { query_name, callback = (rows) => rows } = {}) =>
      callback(answer(sql, query_name ?? ''))
    return {
      ...rest,
      __db: { query, load: async () => {}, updateParquetURLs: async () => {} },
      inputs: begin(path, makeInputs),
      data: {},
      publication,
    }
  }
  const publication = await readStatic('/data/publication.json', fetcher)
  if (params.school !== undefined) await refuseStranger(params.school, fetcher)
  const isRendered = publication.school_pages !== false || Object.keys(params).length === 0
  const query = (sql, { callback = (rows) => rows } = {}) =>
    openDatabase()
      .then(() => ask(sql))
      .then(callback)
  return {
    ...rest,
    __db: { query, load: openDatabase, updateParquetURLs: async () => {} },
    inputs: makeInputs(),
    data: route.id && isRendered ? await renderedAnswers(path, fetcher) : {},
    publication,
  }
}
