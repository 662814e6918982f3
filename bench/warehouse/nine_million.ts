import { spawn } from 'node:child_process'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { atMost, megabytes, seconds, times, type Measured, type Part } from '../measure.ts'
import type { Answer } from './nine_million_child.ts'

const child = fileURLToPath(new URL('nine_million_child.ts', import.meta.url))

/** A process of its own for each side, so that each has its own peak of memory. */
const inProcess = (task: string, file: string): Promise<Answer> =>
  new Promise((done, fail) => {
    const started = spawn(process.execPath, ['--import', 'tsx', child, task, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    started.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    started.on('error', fail)
    started.on('close', (code) => {
      if (code === 0) done(JSON.parse(output.trim().split('\n').at(-1) ?? '') as Answer)
      else fail(new Error(`${task}: код выхода ${String(code)}`))
    })
  })

export const nineMillionPart: Part = {
  key: 'nine_million',
  title: '9 млн результатов: 4 000 школ за три года',
  run: async (tell) => {
    const folder = await mkdtemp(join(tmpdir(), 'mera-bench-'))
    try {
      const data = join(folder, 'data.duckdb')
      tell('данные')
      const made = await inProcess('generate', data)
      const files = { mera: join(folder, 'mera.duckdb'), hand: join(folder, 'hand.duckdb') }
      await copyFile(data, files.mera)
      await copyFile(data, files.hand)
      tell('SQL, написанный руками')
      const hand = await inProcess('hand', files.hand)
      tell('таблицы проекта')
      const mera = await inProcess('mera', files.mera)
      tell('сверка чисел')
      const compared = await inProcess(`compare:${files.hand}`, files.mera)
      const slow = [...(mera.tables ?? [])].sort((a, b) => b.ms - a.ms).slice(0, 8)
      const lines: Measured[] = [
        {
          name: 'ядро и три показателя',
          result: `${seconds(mera.ms)}; руками ${seconds(hand.ms)}; отношение ${times(mera.ms / hand.ms)}`,
          target: atMost(mera.ms / hand.ms, 1.3, '≤ ×1,30'),
          note: `с проверками, договорами и суммами содержимого (${seconds(mera.checksMs ?? 0)}); расхождений в числах: ${compared.different ?? 0} из ${(compared.rows ?? 0).toLocaleString('ru-RU')}`,
        },
        {
          name: 'пик памяти процесса',
          result: `${megabytes(mera.peak)}; руками ${megabytes(hand.peak)}`,
        },
        {
          name: 'все таблицы ядра, показателей и витрин',
          result: `${seconds(mera.allMs ?? 0)}; пик памяти ${megabytes(mera.allPeak)}; строк результата ${(made.rows ?? 0).toLocaleString('ru-RU')}`,
          note: slow.map(({ table, ms }) => `${table} ${seconds(ms)}`).join('; '),
        },
      ]
      return lines
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}
