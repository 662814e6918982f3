import { mkdtemp, rm } from 'node:fs/promises'
import { arch, cpus, platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { coresTogether } from './cores.ts'
import { reportLines, seconds, timed, times, type Part } from './measure.ts'
import { clusterPart } from './methods/clusters.ts'
import { markerPart } from './methods/markers.ts'
import { mixedModelPart } from './methods/mixed_model.ts'
import { municipalityPart } from './warehouse/municipality.ts'
import { nineMillionPart } from './warehouse/nine_million.ts'
import { sitePart } from './warehouse/site.ts'

const parts: readonly Part[] = [
  municipalityPart,
  nineMillionPart,
  sitePart,
  clusterPart,
  mixedModelPart,
  markerPart,
]

const { positionals } = parseArgs({ allowPositionals: true })
const chosen = parts.filter(
  ({ key }) => positionals.length === 0 || positionals.some((name) => key.includes(name)),
)
if (chosen.length === 0) {
  process.stderr.write(
    `нет такого измерения: ${positionals.join(' ')}\n  есть: ${parts.map(({ key }) => key).join(', ')}\n`,
  )
  process.exitCode = 2
}
if (chosen.length > 0)
  process.stdout.write(
    `Node ${process.versions.node}, ${platform()} ${arch()}, ядер: ${cpus().length}, вместе они делают ${times(await coresTogether())} работы одного. Времена — медианы; на занятой машине они больше.\n`,
  )
// No key of a home that is measured may stay in the user's configuration.
const keys = await mkdtemp(join(tmpdir(), 'mera-bench-key-'))
process.env['MERA_KEY_FILE'] = join(keys, 'pseudonyms.key')
try {
  for (const { key, title, run } of chosen) {
    process.stdout.write(`\n${title} [${key}]\n`)
    const { value, ms } = await timed(() =>
      run((text) => {
        process.stderr.write(`  … ${text}\n`)
      }),
    )
    process.stdout.write(`${reportLines(value).join('\n')}\n  (измерение заняло ${seconds(ms)})\n`)
  }
} finally {
  await rm(keys, { recursive: true, force: true })
}
