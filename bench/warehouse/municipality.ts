import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeSample } from '../../examples/municipality/generate.ts'
import { build, type BuildReport } from '../../warehouse/build.ts'
import { loadCatalog, type Catalog } from '../../warehouse/catalog.ts'
import { openHome, type Home } from '../../warehouse/home.ts'
import { load } from '../../warehouse/land.ts'
import { publish } from '../../warehouse/publish.ts'
import { atMost, median, seconds, timed, times, type Measured, type Part } from '../measure.ts'
import { bareBuild } from './bare.ts'
import { correctedWorkbook, firstIndividual } from './corrected.ts'
import { KINDS, Stopwatch, type Kind } from './stopwatch.ts'

const ROUNDS = 5

interface Round {
  readonly ms: number
  readonly load: number
  readonly build: number
  readonly publish: number
  readonly kinds: ReadonlyMap<Kind, number>
  readonly report: BuildReport
  readonly rows: number
}

/** One refresh as the command line does it: load, build with checks and editions, publish. */
const refresh = async (home: Home, catalog: Catalog, paths: readonly string[]): Promise<Round> => {
  const watch = new Stopwatch().start()
  try {
    const loaded = await timed(() => load(home, catalog.sources, paths))
    const before = new Map(watch.stop())
    watch.start()
    const built = await timed(() => build(home, catalog))
    const published = await timed(() => publish(home, catalog, built.value.generation))
    const after = watch.stop()
    const kinds = new Map(
      KINDS.map((kind) => [kind, (after.get(kind) ?? 0) - (before.get(kind) ?? 0)]),
    )
    return {
      ms: loaded.ms + built.ms + published.ms,
      load: loaded.ms,
      build: built.ms,
      publish: published.ms,
      kinds,
      report: built.value,
      rows: loaded.value.loaded,
    }
  } finally {
    watch.stop()
  }
}

const labels: Readonly<Record<Kind, string>> = {
  reading: 'Parquet → таблицы',
  sql: 'SQL',
  checks: 'проверки и суммы содержимого',
  writing: 'запись, издания, пояснения',
  other: 'прочие запросы',
}

/** Of the work at the database and of reading files; tables are made beside each other, so these are shares of work, not of time. */
const shares = (round: Round): string => {
  const parts = [
    ['чтение и разбор файлов', round.load] as const,
    ...KINDS.map((kind) => [labels[kind], round.kinds.get(kind) ?? 0] as const),
  ]
  const work = parts.reduce((total, [, ms]) => total + ms, 0)
  const share = (ms: number): string =>
    `${((100 * ms) / work).toLocaleString('ru-RU', { maximumFractionDigits: 0 })} %`
  return parts
    .filter(([, ms]) => ms / work >= 0.005)
    .map(([label, ms]) => `${label} ${share(ms)}`)
    .join('; ')
}

const middle = (rounds: readonly Round[]): Round => {
  const goal = median(rounds.map(({ ms }) => ms))
  return rounds.find(({ ms }) => ms === goal) ?? (rounds[0] as Round)
}

const slowest = ({ report }: Round): string =>
  [...report.built]
    .sort((a, b) => b.ms - a.ms)
    .slice(0, 8)
    .map(({ table, rows, ms }) => `${table} ${seconds(ms)} (строк ${rows.toLocaleString('ru-RU')})`)
    .join('; ')

/** A process that has just begun has its code still to warm. */
const first = ([round]: readonly Round[]): string =>
  round === undefined ? '' : `первый круг, с холодным кодом, ${seconds(round.ms)}`

const lines = (
  fulls: readonly Round[],
  corrections: readonly Round[],
  bare: number,
): Measured[] => {
  const full = middle(fulls)
  const correction = middle(corrections)
  return [
    {
      name: 'полная загрузка: чтение, построение, проверки, публикация',
      result: `${seconds(full.ms)} (загрузка ${seconds(full.load)}, построение ${seconds(full.build)}, публикация ${seconds(full.publish)}; строк ${full.rows.toLocaleString('ru-RU')})`,
      target: atMost(full.ms, 5000, '≤ 5 с'),
      note: `${first(fulls)}; ${shares(full)}`,
    },
    { name: 'дольше всего', result: slowest(full) },
    {
      name: 'исправлен один файл',
      result: `${seconds(correction.ms)} (загрузка ${seconds(correction.load)}, построение ${seconds(correction.build)}, публикация ${seconds(correction.publish)}; таблиц построено ${correction.report.built.length}, перенесено ${correction.report.unchanged})`,
      target: atMost(correction.ms, 1000, '≤ 1 с'),
      note: `${first(corrections)}; ${shares(correction)}`,
    },
    { name: 'дольше всего', result: slowest(correction) },
    {
      name: 'те же таблицы голым SQL',
      result: `${seconds(bare)}; построение против него ${times(full.build / bare)}`,
      target: atMost(full.build / bare, 1.3, '≤ ×1,30'),
      note: 'голый SQL: те же запросы и вычисления подряд в одной базе, без договоров, отпечатков, проверок, пояснений и журнала',
    },
  ]
}

export const municipalityPart: Part = {
  key: 'municipality',
  title: 'Муниципалитет: пример из 34 школ за четыре года',
  run: async (tell) => {
    const folder = await mkdtemp(join(tmpdir(), 'mera-bench-'))
    try {
      const sample = join(folder, 'sample')
      tell('пример')
      await writeSample(sample)
      const catalog = await loadCatalog()
      const original = await firstIndividual(sample)
      const fulls: Round[] = []
      const corrections: Round[] = []
      const bares: number[] = []
      for (let round = 0; round < ROUNDS; round++) {
        tell(`круг ${round + 1} из ${ROUNDS}: полная загрузка`)
        const home = await openHome(join(folder, `home-${round}`))
        fulls.push(await refresh(home, catalog, [sample]))
        tell(`круг ${round + 1} из ${ROUNDS}: голый SQL`)
        bares.push(
          (await timed(() => bareBuild(home, catalog, join(folder, `bare-${round}.duckdb`)))).ms,
        )
        tell(`круг ${round + 1} из ${ROUNDS}: исправление`)
        const file = join(folder, `corrected-${round}.xlsx`)
        await writeFile(file, correctedWorkbook(original, round))
        await copyFile(join(sample, 'delivery.json'), join(folder, 'delivery.json'))
        // The home stays until the end: for some five minutes after thousands of files are removed, making a new one took twenty
        // times longer (measured on ext4). A second run wants that pause too.
        corrections.push(await refresh(home, catalog, [file]))
      }
      return lines(fulls, corrections, median(bares))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}
