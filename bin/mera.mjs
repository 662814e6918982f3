#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const isSupported = (major === 20 && minor >= 19) || (major === 22 && minor >= 13) || major >= 24
const stop = (message) => {
  process.stderr.write(`${message}\n`)
  process.exit(3)
}
if (!isSupported)
  stop(
    `Нужен Node.js 20.19 и новее, 22.13 и новее или 24 и новее, а запущен ${process.versions.node}.\n  Что делать: установите поддерживаемую версию с сайта nodejs.org`,
  )

let register
try {
  ;({ register } = await import('tsx/esm/api'))
} catch {
  const root = fileURLToPath(new URL('..', import.meta.url))
  stop(`Не установлены зависимости программы.\n  Что делать: выполните npm ci в папке ${root}`)
}
// The settings of whatever folder the user stands in must not change how our own files are read.
const tsconfig = fileURLToPath(new URL('../tsconfig.json', import.meta.url))
register({ tsconfig: existsSync(tsconfig) ? tsconfig : false })
const { main } = await import('../cli/main.ts')
await main(process.argv.slice(2))
