import { constants } from 'node:os'
import { describe, expect, it } from 'vitest'
import { failedQuery, faultOfPage, runTool } from '../../reports/tool.ts'
import { tellingWaits } from '../../warehouse/lock.ts'

describe('runTool(command, parameters, options)', () => {
  const run = (code: string, givesWay = false) =>
    runTool(process.execPath, ['-e', code], { cwd: process.cwd(), givesWay })

  it('gives the exit code with everything that was written', async () => {
    const { code, output } = await run(`console.log('a'); console.error('b'); process.exitCode = 3`)
    expect(code).toBe(3)
    expect(output).toMatch(/^(a\nb|b\na)\n$/)
  })

  it('ends the program where the user stops, and starts none after that', async () => {
    const stop = new AbortController()
    const said: string[] = []
    const onLine = (line: string): void => {
      said.push(line)
      stop.abort()
    }
    const forever = `console.log(process.pid); setInterval(() => {}, 1000)`
    const run = () =>
      tellingWaits({ onWait: () => undefined, signal: stop.signal }, () =>
        runTool(process.execPath, ['-e', forever], { cwd: process.cwd(), onLine }),
      )
    await expect(run()).rejects.toMatchObject({ code: 'interrupted' })
    expect(() => process.kill(Number(said[0]), 0)).toThrow('ESRCH')
    await expect(run()).rejects.toMatchObject({ code: 'interrupted' })
    expect(said).toHaveLength(1)
  })

  it('lets a program give way to other work', async () => {
    const untilLow = `const os = require('node:os'); const t = setInterval(() => {
      if (os.getPriority() === ${String(constants.priority.PRIORITY_LOW)}) clearInterval(t)
    }, 5)`
    expect(await run(untilLow, true)).toEqual({ code: 0, output: '' })
  })
})

describe('failedQuery(output)', () => {
  it('names the query and says what DuckDB says of it', () => {
    const output = `3 pages
mine | Error in Query! Binder Error: Referenced column "pupilz" not found in FROM clause!
Candidate bindings: "pupils"
`
    expect(failedQuery(output)).toMatchObject({
      name: 'mine',
      why: 'Binder Error: Referenced column "pupilz" not found in FROM clause!',
    })
    expect(failedQuery('Catalog Error: no such table')).toMatchObject({
      name: undefined,
      why: 'Catalog Error: no such table',
    })
    expect(failedQuery('42 pages, 0 taken')).toBeUndefined()
  })
})

describe('faultOfPage(output)', () => {
  it('names the page and its fault', () => {
    const failed = (place: string): string => `[ERROR]:  x Build failed in 3.32s
error during build:
[vite-plugin-svelte] 'mein' is not defined
file: /srv/reports/.evidence/template/src/pages/${place}+page.md
    at onwarn (file:///srv/svelte.config.js)`
    const why = "'mein' is not defined"
    expect(faultOfPage(failed('mine/'))).toEqual({ page: 'mine.md', why })
    expect(faultOfPage(failed('schools/[school_key]/'))).toEqual({
      page: 'schools/[school_key].md',
      why,
    })
    expect(faultOfPage(failed(''))).toEqual({ page: 'index.md', why })
    expect(faultOfPage('[ERROR]: Killed')).toBeUndefined()
  })
})
