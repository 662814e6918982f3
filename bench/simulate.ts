import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { coverageStudies } from './simulate/coverage_studies.ts'
import { coverageTable } from './simulate/coverage_table.ts'
import { PlaceMissing, fill } from './simulate/document.ts'
import { markerStudies } from './simulate/markers/marker_studies.ts'
import { runMarker } from './simulate/markers/marker_study.ts'
import { markerTable } from './simulate/markers/marker_table.ts'
import { versionOf } from './simulate/method_version.ts'
import { predictionTable, runPrediction } from './simulate/prediction_table.ts'
import { runRates } from './simulate/rate_study.ts'
import { rateTable } from './simulate/rate_table.ts'
import { rateStudies } from './simulate/rates.ts'
import { predictionStudies } from './simulate/shrinkage.ts'
import { DRAWS, runCoverage } from './simulate/study.ts'

const page = new URL('../docs/methods.md', import.meta.url)
const usage = `npm run simulate -- [ИМЯ] [--write] [--draws N]
  ИМЯ      часть имени: wilson, eb, trend, marker…; без него считается всё
  --write  таблицы вписываются в docs/methods.md (только при полном числе выборок)
  --draws  выборок вместо ${DRAWS.toLocaleString('ru-RU')}: быстрее и грубее, только для просмотра`

interface Section {
  readonly key: string
  readonly run: (scale: number, tell: (text: string) => void) => string
}

const sections: readonly Section[] = [
  ...coverageStudies.map((study): Section => ({
    key: study.key,
    run: (scale, tell) =>
      coverageTable(
        study,
        runCoverage(study, { draws: Math.round(DRAWS * scale), onScenario: tell }),
        versionOf(study.method ?? study.key),
      ),
  })),
  ...[...new Set(predictionStudies.map(({ key }) => key))].map((key): Section => ({
    key: `${key}_prediction`,
    run: (scale, tell) =>
      predictionTable(
        predictionStudies
          .filter((study) => study.key === key)
          .map((study) => {
            tell(study.label)
            return runPrediction(study, scale)
          }),
        versionOf(key),
      ),
  })),
  ...rateStudies.map((study): Section => ({
    key: study.key,
    run: (scale, tell) =>
      rateTable(
        study,
        runRates(study, { draws: Math.round(DRAWS * scale), onScenario: tell }),
        versionOf(study.key),
      ),
  })),
  ...markerStudies.map((study): Section => ({
    key: study.key,
    run: (scale, tell) => {
      tell(study.title)
      return markerTable(
        study,
        runMarker(study, scale),
        Math.max(2, Math.round(study.regions * scale)),
      )
    },
  })),
]

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { write: { type: 'boolean' }, draws: { type: 'string' }, help: { type: 'boolean' } },
  })
  if (values.help === true) {
    process.stdout.write(`${usage}\n`)
    return 0
  }
  const draws = values.draws === undefined ? DRAWS : Number(values.draws)
  const chosen = sections.filter(({ key }) => positionals.every((part) => key.includes(part)))
  if (
    !Number.isInteger(draws) ||
    draws < 1 ||
    chosen.length === 0 ||
    (values.write === true && draws !== DRAWS)
  ) {
    process.stderr.write(
      chosen.length === 0
        ? `нет такого метода: ${positionals.join(' ')}\n  есть: ${sections.map(({ key }) => key).join(', ')}\n`
        : `${usage}\n`,
    )
    return 2
  }
  let text = values.write === true ? await readFile(page, 'utf8') : ''
  for (const [i, section] of chosen.entries()) {
    const started = performance.now()
    const tell = (label: string): void => {
      process.stderr.write(`  [${i + 1}/${chosen.length}] ${section.key}: ${label}\n`)
    }
    const table = section.run(draws / DRAWS, tell)
    const seconds = ((performance.now() - started) / 1000).toLocaleString('ru-RU', {
      maximumFractionDigits: 1,
    })
    process.stdout.write(`\n## ${section.key} (${seconds} с)\n\n${table}\n`)
    if (values.write === true) text = fill(text, section.key, table)
  }
  if (values.write === true) {
    await writeFile(page, text)
    process.stdout.write('\nТаблицы вписаны в docs/methods.md\n')
  }
  return 0
}

try {
  process.exitCode = await main()
} catch (error) {
  const isUsage =
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  if (!isUsage && !(error instanceof PlaceMissing)) throw error
  process.stderr.write(
    isUsage
      ? `${usage}\n`
      : `${(error as PlaceMissing).message}\n  ${(error as PlaceMissing).hint}\n`,
  )
  process.exitCode = 2
}
