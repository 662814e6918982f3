// Evidence's own, and in the pages' server build the questions go to `rendering/pages.mjs` instead of a database compiled for the browser.
import { fileURLToPath } from 'node:url'
import evidence from './vite.evidence.config.js'

const answers = fileURLToPath(new URL('src/server-answers.js', import.meta.url))

const serverAnswers = {
  name: 'mera:server-answers',
  enforce: 'pre',
  resolveId: (source, _importer, { ssr }) =>
    ssr && source === '@evidence-dev/universal-sql/client-duckdb' ? answers : undefined,
}

export default { ...evidence, plugins: [serverAnswers, ...evidence.plugins] }
