import { spawn } from 'node:child_process'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { atMost, median, megabytes, seconds, times, type Measured, type Part } from '../measure.ts'
import type { Answer } from './nine_million_child.ts'

const ROUNDS = 3
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
      const files = {
        mera: join(folder, 'mera.duckdb'),
        hand: join(folder, 'hand.duckdb'),
        whole: join(folder, 'whole.duckdb'),
      }
      const mine: Answer[] = []
      const hands: Answer[] = []
      const wholes: Answer[] = []
      for (let round = 1; round <= ROUNDS; round++) {
        for (const file of Object.values(files)) await copyFile(data, file)
        tell(`круг ${round} из ${ROUNDS}: SQL, написанный руками`)
        hands.push(await inProcess('hand:needed', files.hand))
        tell(`круг ${round} из ${ROUNDS}: то же руками, со всеми столбцами факта`)
        wholes.push(await inProcess('hand:whole', files.whole))
        tell(`круг ${round} из ${ROUNDS}: таблицы проекта`)
        mine.push(await inProcess('needed', files.mera))
      }
      tell('сверка чисел')
      const compared = await inProcess(`compare:${files.hand}`, files.mera)
      tell('все таблицы')
      await copyFile(data, files.mera)
      const all = await inProcess('all', files.mera)
      const of = (answers: readonly Answer[], value: (answer: Answer) => number): number =>
        median(answers.map(value))
      const [own, other, same] = [mine, hands, wholes].map((each) => of(each, ({ ms }) => ms)) as [
        number,
        number,
        number,
      ]
      const [ownCpu, otherCpu, sameCpu] = [mine, hands, wholes].map((each) =>
        of(each, ({ cpuMs }) => cpuMs),
      ) as [number, number, number]
      const slow = [...(all.tables ?? [])].sort((a, b) => b.ms - a.ms).slice(0, 8)
      const lines: Measured[] = [
        {
          name: 'ядро и три показателя',
          result: `${seconds(own)}; руками ${seconds(other)}; отношение ${times(own / other)}`,
          target: atMost(own / other, 1.3, '≤ ×1,30'),
          note: `с договорами, проверками и суммами содержимого (${seconds(of(mine, ({ checksMs }) => checksMs ?? 0))}); расхождений в числах: ${compared.different ?? 0} из ${(compared.rows ?? 0).toLocaleString('ru-RU')}`,
        },
        {
          name: 'против рук с теми же столбцами факта',
          result: `${seconds(own)}; руками ${seconds(same)}; отношение ${times(own / same)}`,
          target: atMost(own / same, 1.3, '≤ ×1,30'),
          note: 'выше в факте рук 10 столбцов, которых довольно трём показателям; здесь, как у проекта, 21: ключ ученика на все годы, файл, лист и строка происхождения и прочее',
        },
        {
          name: 'процессорное время',
          result: `${seconds(ownCpu)}; руками ${seconds(otherCpu)}, отношение ${times(ownCpu / otherCpu)}; с теми же столбцами ${seconds(sameCpu)}, отношение ${times(ownCpu / sameCpu)}`,
          note: 'на занятой машине надёжнее времени по часам',
        },
        {
          name: 'пик памяти процесса',
          result: `${megabytes(Math.max(...mine.map(({ peak }) => peak)))}; руками ${megabytes(Math.max(...hands.map(({ peak }) => peak)))}`,
        },
        {
          name: 'все таблицы ядра, показателей и витрин',
          result: `${seconds(all.ms)}; пик памяти ${megabytes(all.peak)}; строк результата ${(made.rows ?? 0).toLocaleString('ru-RU')}`,
          note: slow.map(({ table, ms }) => `${table} ${seconds(ms)}`).join('; '),
        },
      ]
      return lines
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}
