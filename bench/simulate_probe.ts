import { proportionStudies } from './simulate/proportions.ts'
import { meanStudies } from './simulate/means.ts'
import { shrinkageStudies } from './simulate/shrinkage.ts'
import { relationStudies } from './simulate/relations.ts'
import { runCoverage } from './simulate/study.ts'
const d = Number(process.argv[2] ?? 1000)
for (const s of [...proportionStudies, ...meanStudies, ...shrinkageStudies, ...relationStudies]) {
  const t = Date.now()
  const rows = runCoverage(s, { draws: d })
  console.log(s.key, Date.now() - t, 'ms')
  for (const r of rows) console.log('   ', r.label.padEnd(60), r.cells.map((c) => `${((c.coverage ?? NaN) * 100).toFixed(1)}${c.unanswered ? `(${(c.unanswered * 100).toFixed(0)})` : ''}`).join('  '))
}
