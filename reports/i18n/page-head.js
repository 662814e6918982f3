// What Evidence writes into every page by itself, put right: the site's name in the title, no marks of foreign networks, no viewer of queries.
const edits = [
  [
    '<title>{metadata.title ?? metadata.og?.title}</title>',
    '<title>{metadata.title} · Мера</title>',
  ],
  ['<title>Evidence</title>', '<title>Мера</title>'],
  [/<meta\s+name="twitter:[^>]*\/>/g, ''],
]

export const pageHead = () => ({
  name: 'page-head',
  markup({ content, filename }) {
    if (!filename?.endsWith('+page.md')) return
    let code = content
    for (const [from, to] of edits) {
      const next = code.replaceAll(from, to)
      if (next === code) throw new Error(`page-head: «${from}» not found in ${filename}`)
      code = next
    }
    return { code: code.replace(/\{#if \w+ \}\s*<QueryViewer[\s\S]*?\/>\s*\{\/if\}/g, '') }
  },
})
