import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, resolve, sep } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.map': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
}

/** The file an address stands for, or undefined when there is none inside the folder. */
export const fileOf = (folder: string, address: string): string | undefined => {
  let path: string
  try {
    path = decodeURIComponent(new URL(address, 'http://site').pathname)
  } catch {
    return undefined
  }
  if (path.includes('\0')) return undefined
  const root = resolve(folder)
  const file = join(root, path)
  if (file !== root && !file.startsWith(root + sep)) return undefined
  if (!existsSync(file)) return undefined
  if (!statSync(file).isDirectory()) return file
  const index = join(file, 'index.html')
  return existsSync(index) ? index : undefined
}

/** Whether an address is the page of a school of this issue, though it was not rendered: it is then read from the edition in the browser. */
const isReadInBrowser = (folder: string, address: string): boolean => {
  try {
    const key = /^\/schools\/([^/]+)\/?$/.exec(new URL(address, 'http://site').pathname)?.[1]
    if (key === undefined) return false
    const schools = JSON.parse(readFileSync(join(folder, 'data/schools.json'), 'utf8')) as string[]
    return schools.includes(decodeURIComponent(key))
  } catch {
    return false
  }
}

/**
 * Serves a site's folder on 127.0.0.1; port 0 takes a free one. What is not found gets the site's own 404.html, which also opens the page of a
 * school that was not rendered.
 */
export const serveSite = async (
  folder: string,
  port = 0,
): Promise<{ url: string; close(): Promise<void> }> => {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end()
      return
    }
    const found = fileOf(folder, request.url ?? '/')
    const file = found ?? join(folder, '404.html')
    if (found === undefined && !existsSync(file)) {
      response
        .writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
        .end('Нет такой страницы\n')
      return
    }
    const isThere = found !== undefined || isReadInBrowser(folder, request.url ?? '/')
    response.writeHead(isThere ? 200 : 404, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-length': statSync(file).size,
      'cache-control': file.includes(`${sep}immutable${sep}`)
        ? 'max-age=31536000, immutable'
        : 'no-cache',
      'x-content-type-options': 'nosniff',
    })
    if (request.method === 'HEAD') response.end()
    else
      createReadStream(file)
        .on('error', () => response.destroy())
        .pipe(response)
  })
  await new Promise<void>((done, fail) => {
    server.once('error', fail)
    server.listen(port, '127.0.0.1', done)
  })
  const { port: actual } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(actual)}/`,
    close: () =>
      new Promise((done, fail) => {
        server.closeAllConnections()
        server.close((error) => {
          if (error) fail(error)
          else done()
        })
      }),
  }
}
