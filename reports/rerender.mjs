// New data, same pages: renders every page again from the finished build in .svelte-kit/output, without Vite. Run in .evidence/template after
// the edition's file was replaced in static/data. Kit's own build does the same as its last step; only `metadata` is made again here.
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const kit = path.resolve('../../node_modules/@sveltejs/kit/src/core/postbuild')
const out = path.resolve('.svelte-kit/output')
const manifestPath = path.join(out, 'server/manifest-full.js') // before kit drops the routes it has prerendered
const { manifest } = await import(pathToFileURL(manifestPath).href)

const routes = new Map()
for (const route of manifest._.routes) {
  let prerender, entries
  for (const index of route.page ? [...route.page.layouts, route.page.leaf] : []) {
    if (index === undefined || index === null) continue
    const node = await manifest._.nodes[index]()
    prerender = node.server?.prerender ?? node.universal?.prerender ?? prerender
    entries = node.universal?.entries ?? node.server?.entries ?? entries
  }
  if (route.endpoint) ({ prerender, entries } = await route.endpoint())
  // A page per school may have no school: then there is nothing to render, and no mistake.
  if (prerender === true && route.id.includes('[')) prerender = 'auto'
  const named = (entry) =>
    route.id.replace(/\[(?:\.\.\.)?([^\]]+)\]/g, (_, key) => entry[key] ?? '')
  routes.set(route.id, {
    config: {},
    methods: [],
    page: { methods: [] },
    api: { methods: [] },
    prerender,
    entries: entries && (await entries()).map(named),
  })
}

fs.rmSync(path.join(out, 'prerendered'), { recursive: true, force: true })
const { default: prerender } = await import(pathToFileURL(path.join(kit, 'prerender.js')).href)
const { default: fallback } = await import(pathToFileURL(path.join(kit, 'fallback.js')).href)
const { prerendered } = await prerender({
  out,
  manifest_path: manifestPath,
  metadata: { nodes: [], routes },
  verbose: false,
  env: {},
})
const shellPage = path.join(out, '404.html') // holds no data: made once for a build
if (!fs.existsSync(shellPage))
  fs.writeFileSync(shellPage, await fallback({ manifest_path: manifestPath, env: {} }))
fs.copyFileSync(shellPage, path.join(out, 'prerendered/pages/404.html'))
console.log(`${prerendered.pages.size} pages`)
process.exit(0)
