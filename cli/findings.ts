import type { Home } from '../warehouse/home.ts'
import type { FileReport, FileStatus, LoadReport } from '../warehouse/land.ts'
import { openForReading } from '../warehouse/query.ts'
import { number, plural } from './russian.ts'
import type { Terminal } from './terminal.ts'

export interface Finding {
  readonly kind: string
  readonly kind_label: string
  readonly school_key: string
  readonly school_name: string
  readonly indicator: string
  readonly procedure: string
  readonly subject: string
  readonly text: string
}
/** Findings, and of the kinds of them that nothing could be assessed for, why. */
export type Findings = readonly Finding[] & {
  readonly unassessed: Readonly<Record<string, string>>
}

/** What a publication says is worth a look, the weightiest first. */
export const readFindings = async (home: Home): Promise<Findings> => {
  const database = await openForReading(home)
  try {
    const findings = await database.rows<Finding>(
      `select kind, kind_label, school_key, school_name, indicator, procedure, subject, text
       from marts.mart_finding order by sort`,
    )
    const unassessed = await database.rows<{ kind: string; why: string }>(
      `select 'risk' as kind, 'не оценивалась: ' || zones_lack as why from marts.mart_publication where zones_lack <> ''
       union all
       select 'objectivity', 'не оценивались: нет ни отметок учеников, ни баллов за работы' from marts.mart_publication
       where not exists (from core.fct_bias_marker where school_year = last_year)`,
    )
    return Object.assign(
      findings.map((finding) => ({ ...finding, text: withoutDash(finding.text) })),
      { unassessed: Object.fromEntries(unassessed.map(({ kind, why }) => [kind, why])) },
    )
  } finally {
    database.close()
  }
}

/** «Показатель (—, все предметы): …» → «Показатель: …»: an indicator that is of no procedure. */
export const withoutDash = (text: string): string =>
  text.replaceAll(' (—, все предметы)', '').replaceAll(' (—, ', ' (')

const kinds = [
  { kind: 'improved', title: 'Улучшили результат', sign: '▲', colour: 'green' },
  { kind: 'declined', title: 'Снизили результат', sign: '▼', colour: 'yellow' },
  { kind: 'risk', title: 'В зоне риска', sign: '●', colour: 'red' },
  { kind: 'objectivity', title: 'Признаки необъективности', sign: '◆', colour: 'yellow' },
] as const
const mostSchools = 4
/** Files that were not taken, whatever they are. */
const mostFiles = 8
const howMany = (schools: number, unassessed: string | undefined): string =>
  schools > 0 ? plural(schools, 'школа', 'школы', 'школ') : (unassessed ?? 'никто')

/** One line a school, its weightiest finding; how many more there are. */
export const printFindings = (terminal: Terminal, findings: Findings): void => {
  for (const { kind, title, sign, colour } of kinds) {
    const bySchool = new Map<string, Finding[]>()
    for (const finding of findings.filter((each) => each.kind === kind))
      bySchool.set(finding.school_key, [...(bySchool.get(finding.school_key) ?? []), finding])
    terminal.print(
      `${terminal.paint(colour, sign)} ${terminal.paint('bold', title)}: ${howMany(bySchool.size, findings.unassessed[kind])}`,
    )
    // «… и ещё одна» would take the line that the school itself needs.
    const shown = bySchool.size === mostSchools + 1 ? bySchool.size : mostSchools
    for (const [first, ...others] of [...bySchool.values()].slice(0, shown)) {
      if (first === undefined) continue
      const more = others.length === 0 ? '' : ` (и ещё ${number(others.length)})`
      terminal.print(`    ${first.school_name} — ${first.text}${more}`)
    }
    if (bySchool.size > shown)
      terminal.print(`    … и ещё ${plural(bySchool.size - shown, 'школа', 'школы', 'школ')}`)
  }
}

/** What was not taken, and why: rows by reason, then files, those that no form claims too. */
export const printQuarantine = (
  terminal: Terminal,
  report: Pick<LoadReport, 'files'>,
  findings: readonly Finding[],
): void => {
  const of = (wanted: FileStatus): readonly FileReport[] =>
    report.files.filter(({ status }) => status === wanted)
  const [refused, unrecognised] = [of('refused'), of('unrecognised')]
  const reasons = findings.filter(({ kind }) => kind === 'quality')
  terminal.print(
    `${terminal.paint('cyan', '■')} ${terminal.paint('bold', 'Качество данных')}: ${[
      ...(reasons.length === 0
        ? ['в карантине пусто']
        : [plural(reasons.length, 'замечание', 'замечания', 'замечаний')]),
      ...(refused.length === 0 ? [] : [`отклонённых файлов: ${number(refused.length)}`]),
      ...(unrecognised.length === 0
        ? []
        : [`нераспознанных файлов: ${number(unrecognised.length)}`]),
    ].join(', ')}`,
  )
  for (const { text } of reasons.slice(0, mostSchools)) terminal.print(`    ${text}`)
  const lost = [...refused, ...unrecognised]
  const shown = lost.length === mostFiles + 1 ? lost.length : mostFiles
  for (const { path, sheets, problems } of lost.slice(0, shown))
    terminal.print(
      `    ${path.replace(/^.*[\\/]/, '')} — ${sheets.find((sheet) => sheet.refused !== undefined)?.refused ?? problems[0]?.message ?? ''}`,
    )
  if (lost.length > shown)
    terminal.print(`    … и ещё ${plural(lost.length - shown, 'файл', 'файла', 'файлов')}`)
}
