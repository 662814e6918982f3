// Replaces Evidence's own: our preprocessors stand between Evidence's, no stock component is bundled unless a page uses one, and
// the policy below keeps every request on the site's own host.
import evidencePreprocess from '@evidence-dev/preprocess'
import { getEvidenceConfig } from '@evidence-dev/sdk/config'
import { addBasePathToHrefAndSrc, injectComponents } from '@evidence-dev/sdk/build/svelte'
import preprocess from 'svelte-preprocess'
import { pageHead } from '../../i18n/page-head.js'
import { russianUi } from '../../i18n/russian-ui.js'

const failOn = /is not defined|Empty Block/

export default {
  extensions: ['.svelte', '.md'],
  preprocess: [
    ...evidencePreprocess(true),
    pageHead(),
    injectComponents(),
    preprocess({ postcss: true }),
    addBasePathToHrefAndSrc,
    russianUi(),
  ],
  onwarn(warning) {
    if (failOn.test(warning.message)) throw new Error(warning.message, { cause: warning })
  },
  kit: {
    files: { routes: 'src/pages', lib: 'src/components' },
    paths: { base: getEvidenceConfig().deployment.basePath, relative: false },
    serviceWorker: { register: false },
    prerender: { entries: [] }, // rendering/pages.mjs does that
    csp: {
      mode: 'hash',
      directives: {
        'default-src': ['self'],
        'script-src': ['self', 'wasm-unsafe-eval'],
        'style-src': ['self', 'unsafe-inline'],
        'img-src': ['self', 'data:'],
        'worker-src': ['self', 'blob:'],
        'object-src': ['none'],
        'base-uri': ['self'],
      },
    },
  },
}
