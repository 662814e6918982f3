// Renders the pages over an edition from the shell's finished build: `node pages.mjs JOB` in .evidence/template, the job in JSON. Kit's own last build step
// does the like, but starts the whole build for it, renders every page at least twice and asks a database compiled for the browser.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openAnswers } from './answers.mjs'

/**
 * @typedef {object} Job
 * @property {string} edition path of the edition's DuckDB file
 * @property {string} out folder that the pages are written into
 * @property {Record<string, unknown>} publication what stands on every page
 * @property {boolean} schoolPages whether pages that are only linked to are rendered
 * @property {string} [former] folder of a site of the same shell: a page whose questions are answered as before is taken from it
 */
/** @type {Job} */
const { edition, out, publication, schoolPages, former } = JSON.parse(process.argv[2])
const recordFile = 'data/rendered.json'

/** How the pages of the former site came to be: questions with the hashes of their answers, and the numbers of those that a page asked. */
const record = (() => {
  try {
    return JSON.parse(readFileSync(join(former, recordFile), 'utf8'))
  } catch {
    return { questions: [], pages: {} }
  }
})()
const answers = openAnswers(edition, Object.fromEntries(record.questions))

const built = resolve('.svelte-kit/output')
const load = (file) => import(pathToFileURL(join(built, 'server', file)).href)
const crawler = resolve('../../node_modules/@sveltejs/kit/src/core/postbuild/crawl.js')
const [internal, { Server }, { manifest }, { crawl }] = await Promise.all([
  load('internal.js'),
  load('index.js'),
  load('manifest-full.js'),
  import(pathToFileURL(crawler).href),
])
internal.set_building()
internal.set_prerendering()
const server = new Server(manifest)
await server.init({ env: {} })

const origin = 'http://sveltekit-prerender'
const base = manifest.appPath === manifest.appDir ? '' : `/${dirname(manifest.appPath)}`

/** The page being rendered: its controls, and the answers it got, by query name. */
let page = { inputs: undefined, before: '', answers: {}, file: '' }
const answer = (sql, name) => {
  const text = sql.replace(/^----.*\n/, '')
  const [, id, part] = /^(.*)_(data|columns|length)$/.exec(name) ?? []
  if (part === 'length') {
    const inner = /^SELECT COUNT\(\*\) as rowCount FROM \(([\s\S]*)\)\s*$/.exec(text)?.[1]
    return [{ rowCount: answers.ask(inner).rows.length }]
  }
  const { columns, rows } = answers.ask(part === 'columns' ? text.replace(/^DESCRIBE /, '') : text)
  if (part) page.answers[id] = { columns, rows }
  return part === 'columns'
    ? columns.map(([column_name, column_type]) => ({ column_name, column_type }))
    : rows
}
globalThis[Symbol.for('mera.rendering')] = {
  publication,
  answer,
  begin: (file, makeInputs) => {
    page.file = file
    page.inputs ??= makeInputs()
    page.before = JSON.stringify(page.inputs)
    return page.inputs
  },
}

const respond = (path, prerendering = {}) =>
  server.respond(new Request(origin + path), {
    getClientAddress: () => '127.0.0.1',
    prerendering: { dependencies: new Map(), ...prerendering },
    read: (file) => readFileSync(join(built, 'client', file)),
  })

const mostPasses = 20

/** Passes are made until the page's controls have chosen (one may depend on another); the last one stands. */
const renderPage = async (path) => {
  page = { inputs: undefined, before: '', answers: {}, file: '' }
  let html
  let passes = 0
  do {
    if (++passes > mostPasses) throw new Error(`the controls of ${path} never settle`)
    page.answers = {}
    const response = await respond(path)
    if (response.status !== 200) throw new Error(`${response.status} ${path}`)
    html = await response.text()
  } while (JSON.stringify(page.inputs) !== page.before)
  const packed = Object.entries(page.answers).map(([name, { columns, rows }]) => [
    name,
    { columns, rows: rows.map((row) => columns.map(([column]) => row[column])) },
  ])
  return { html, file: page.file, answers: JSON.stringify(Object.fromEntries(packed)) }
}

/** What says of which issue a page is: `data-issue` in the layout. The same on every page, so that a page taken over gets it from a new one. */
const issue = /<(p|footer)\b[^>]*\sdata-issue\b[^>]*>[\s\S]*?<\/\1>/g
const issueOf = (html) => (html.match(issue) ?? []).join('\n')
let currentIssue
const reissued = (html) => {
  const parts = currentIssue.matchAll(issue)
  return html.replace(issue, () => parts.next().value[0])
}

const htmlFile = (path) => `${decodeURI(path.slice(base.length + 1))}index.html`
const write = (file, text) => {
  mkdirSync(dirname(join(out, file)), { recursive: true })
  writeFileSync(join(out, file), text)
}

const changed = await answers.changed
const questions = new Map()
const numberOf = ([question, hash]) => {
  if (!questions.has(question)) questions.set(question, { number: questions.size, hash })
  return questions.get(question).number
}

/** A page as it was, where all that it asked has the same answer now. */
const formerPage = (path) => {
  const { asked, file } = record.pages[path] ?? {}
  if (currentIssue === undefined || asked === undefined) return undefined
  const pairs = asked.map((number) => record.questions[number])
  if (pairs.some(([question]) => changed.has(question))) return undefined
  const [html, packed] = [htmlFile(path), file].map((name) => join(former, name))
  if (!existsSync(html) || !existsSync(packed)) return undefined
  return {
    html: reissued(readFileSync(html, 'utf8')),
    file,
    answers: readFileSync(packed, 'utf8'),
    asked: Object.fromEntries(pairs),
  }
}
const newPage = async (path) => {
  const { result, asked } = await answers.whileAsking(() => renderPage(path))
  currentIssue ??= issueOf(result.html)
  if (issueOf(result.html) !== currentIssue)
    throw new Error(`the issue on ${path} differs from other pages'`)
  return { ...result, asked }
}

const sections = manifest._.routes.flatMap(({ id, page: isPage }) =>
  isPage && !id.includes('[') ? [`${base}${id === '/' ? '/' : `${id}/`}`] : [],
)
const isAsset = (path) => existsSync(join(built, 'client', decodeURI(path.slice(base.length))))
const linkedPages = (html, path) =>
  crawl(html, path).hrefs.flatMap((href) => {
    const url = new URL(href, origin)
    if (url.origin !== origin || isAsset(url.pathname)) return []
    return [url.pathname.replace(/\/?$/, '/')]
  })

const found = new Set(sections)
const pages = {}
let taken = 0
for (const path of found) {
  const before = formerPage(path)
  if (before) taken++
  const { html, file, answers: packed, asked } = before ?? (await newPage(path))
  write(htmlFile(path), html)
  write(file.slice(1), packed)
  pages[path] = { file, asked: Object.entries(asked).map(numberOf) }
  if (schoolPages) for (const linked of linkedPages(html, path)) found.add(linked)
}
const fallback = await respond('/[fallback]', { fallback: true })
write('404.html', await fallback.text())
write(
  recordFile,
  JSON.stringify({ questions: [...questions].map(([text, { hash }]) => [text, hash]), pages }),
)
process.stdout.write(`${found.size} pages, ${taken} taken\n`, () => process.exit(0))
