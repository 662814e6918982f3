import { constants } from 'node:os'
import { describe, expect, it } from 'vitest'
import { runTool } from '../../reports/tool.ts'

describe('runTool(command, parameters, options)', () => {
  const run = (code: string, givesWay = false) =>
    runTool(process.execPath, ['-e', code], { cwd: process.cwd(), givesWay })

  it('gives the exit code with everything that was written', async () => {
    const { code, output } = await run(`console.log('a'); console.error('b'); process.exitCode = 3`)
    expect(code).toBe(3)
    expect(output).toMatch(/^(a\nb|b\na)\n$/)
  })

  it('lets a program give way to other work', async () => {
    const untilLow = `const os = require('node:os'); const t = setInterval(() => {
      if (os.getPriority() === ${String(constants.priority.PRIORITY_LOW)}) clearInterval(t)
    }, 5)`
    expect(await run(untilLow, true)).toEqual({ code: 0, output: '' })
  })
})
