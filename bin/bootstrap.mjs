/** Starts what needs dependencies on a clone that has none yet: installs what is missing, then goes on. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const lock = join(root, 'package-lock.json')
const stamp = join(modules, '.mera-lock')
const say = (line) => process.stderr.write(`${line}\n`)

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (!((major === 20 && minor >= 19) || (major === 22 && minor >= 13) || major >= 24)) {
  say(`Нужен Node.js 20.19+, 22.13+ или 24+, а запущен ${process.versions.node}`)
  process.exit(3)
}

const children = new Set()
// A terminal tells the whole group of Ctrl+C; only what is sent to this process alone must be passed on.
process.on('SIGINT', () => {
  if (children.size === 0) process.exit(3)
})
process.on('SIGTERM', () => {
  for (const child of children) child.kill('SIGTERM')
  if (children.size === 0) process.exit(3)
})

/** Runs a program; its exit code, and (unless shown at once) all it wrote. */
const run = (command, args, { quiet = false, env = {} } = {}) =>
  new Promise((done) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    })
    children.add(child)
    let output = ''
    child.stdout?.on('data', (chunk) => (output += chunk))
    child.stderr?.on('data', (chunk) => (output += chunk))
    const end = (code) => {
      children.delete(child)
      done({ code, output })
    }
    child.on('error', (error) => {
      output += String(error)
      end(3)
    })
    child.on('close', (code) => end(code ?? 3))
  })
const node = (args, options) => run(process.execPath, args, options)

const seconds = (started) =>
  ((Date.now() - started) / 1000).toLocaleString('ru-RU', { maximumFractionDigits: 1 })

const isInstalled = () => {
  const installed = join(modules, '.package-lock.json')
  if (!existsSync(installed)) return false
  const hash = createHash('sha256').update(readFileSync(lock)).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return true
  if (statSync(installed).mtimeMs < statSync(lock).mtimeMs) return false
  writeFileSync(stamp, hash)
  return true
}

/** What npm says in the end: a code and a path of its own, which warnings and the programs it runs have no part in. */
const lastSaid = (output, field) =>
  new RegExp(`^npm (?:error|ERR!)\\s+${field}:?\\s+'?([^'\\r\\n]+?)'?,?\\s*$`, 'm').exec(
    output,
  )?.[1]

const unreachable = new Set([
  ...['EAI_AGAIN', 'ENOTFOUND', 'ECONNREFUSED', 'ECONNRESET', 'ENETUNREACH', 'EHOSTUNREACH'],
  ...['ETIMEDOUT', 'ERR_SOCKET_TIMEOUT'],
])
/** What npm says, and what a person makes of it; what npm advises of rights it knows better. */
const reasons = [
  {
    codes: unreachable,
    why: 'реестр npm недоступен',
    advice: () =>
      'подключитесь к сети (за прокси — npm config set https-proxy АДРЕС) и повторите команду; где сети нет, перенесите\n  папку node_modules с компьютера с той же системой, на котором эта команда уже прошла',
  },
  {
    codes: new Set(['ENOSPC', 'EDQUOT']),
    why: 'на диске нет места',
    advice: () => 'освободите 2 ГБ и повторите команду',
  },
  {
    codes: new Set(['EACCES', 'EPERM', 'EROFS']),
    why: 'нет прав на запись',
    advice: (path) =>
      path === undefined
        ? 'проверьте права на папки, которые назвал npm'
        : `проверьте, кому принадлежит «${path}» и можно ли туда писать; что советует npm, стоит выше`,
    isShown: true,
  },
]

const npm = (args) => {
  const program = process.env['npm_execpath']
  return program !== undefined && /\.c?js$/.test(program)
    ? node([program, ...args], { quiet: true })
    : run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { quiet: true })
}

const install = async () => {
  if (isInstalled()) return
  const started = Date.now()
  say('Установка зависимостей (npm ci, около 800 МБ на диске)…')
  const waiting = setInterval(() => {
    say(`  идёт установка: ${seconds(started)} с`)
  }, 15_000)
  // Without a network npm tries every package in turn, for minutes; one question tells sooner, and its cache may have them all.
  const asked = await npm(['ping', '--fetch-retries=0'])
  const isOffline = asked.code !== 0 && unreachable.has(lastSaid(asked.output, 'code'))
  const { code, output: said } = await npm([
    'ci',
    '--no-audit',
    '--no-fund',
    ...(isOffline ? ['--offline'] : []),
  ])
  const output = isOffline ? asked.output : said
  clearInterval(waiting)
  if (code !== 0) {
    const npmCode = lastSaid(output, 'code')
    const reason = reasons.find(({ codes }) => codes.has(npmCode))
    if (reason === undefined || reason.isShown === true)
      say(output.trim().split('\n').slice(-15).join('\n'))
    say(`Зависимости не установились${reason === undefined ? '' : `: ${reason.why} (${npmCode})`}`)
    say(
      `  Что делать: ${reason?.advice(lastSaid(output, 'path')) ?? 'проверьте доступ к реестру npm и свободное место, затем повторите команду'}`,
    )
    process.exit(3)
  }
  writeFileSync(stamp, createHash('sha256').update(readFileSync(lock)).digest('hex'))
  say(`✓ Зависимости установлены (${seconds(started)} с)`)
}

const script = (file, args) => node(['--import', 'tsx', file, ...args])

const installReports = () =>
  node(
    [
      '--import',
      'tsx',
      '--input-type=module',
      '--eval',
      "const { installSite } = await import('./reports/site.ts'); await installSite((line) => console.log(line))",
    ],
    { quiet: true },
  )

/** Everything that must hold; a part that fails does not hide what the others say. */
const test = async (args) => {
  const reports = installReports()
  const parts = [
    ['Правила кода (eslint)', ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0']],
    ['Оформление (prettier)', ['node_modules/prettier/bin/prettier.cjs', '--check', '.']],
    ['Типы (tsc)', ['node_modules/typescript/bin/tsc', '--noEmit']],
  ]
  const failed = []
  const finish = (title, started, code, output = '') => {
    if (code !== 0) {
      if (output.trim() !== '') say(output.trim())
      failed.push(title)
    }
    say(`${code === 0 ? '✓' : '✗'} ${title} (${seconds(started)} с)`)
  }
  if (args.length === 0)
    for (const [title, command] of parts) {
      const started = Date.now()
      const { code, output } = await node(command, { quiet: true })
      finish(title, started, code, output)
    }
  const waited = Date.now()
  say('Evidence: установка, если её ещё не было…')
  const { code: site, output: said } = await reports
  finish('Установка сайта (reports)', waited, site, said)
  const started = Date.now()
  const { code } = await node(['node_modules/vitest/vitest.mjs', 'run', ...args])
  finish('Тесты (vitest)', started, code)
  if (failed.length === 0) return 0
  say(`Не прошло: ${failed.join(', ')}`)
  return 1
}

const [task = '', ...args] = process.argv.slice(2)
const tasks = {
  demo: async () => (await node([join(root, 'bin', 'mera.mjs'), 'demo', ...args])).code,
  test: () => test(args),
  bench: async () => (await script('bench/main.ts', args)).code,
  simulate: async () => (await script('bench/simulate.ts', args)).code,
}
if (!(task in tasks)) {
  say(`bootstrap ${task}: такого действия нет; бывают ${Object.keys(tasks).join(', ')}`)
  process.exit(2)
}
await install()
process.exitCode = await tasks[task]()
