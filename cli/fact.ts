import type { Catalog } from '../warehouse/catalog.ts'
import { factRules, ofAnyFile, type Facts } from '../warehouse/facts.ts'
import type { FileProblem, LoadReport } from '../warehouse/load-report.ts'
import type { Source } from '../transforms/contract/source.ts'
import { assignments } from './usage.ts'

/** The option of every command that takes files in. */
export const fact = {
  type: 'string',
  multiple: true,
  value: 'имя=значение',
  doc: 'чего нет в самих файлах: year=2019, delivered_on=2026-06-20, supersedes=имя.xlsx; year= снимает сказанное раньше',
} as const
/** Facts of the command line, checked before anything is done with a file. */
export const factsOf = (words: readonly string[] | undefined, catalog: Catalog): Facts => {
  const facts = assignments(words ?? [], '--fact')
  factRules(catalog)(facts, '--fact')
  return facts
}

export const factUnused = 'fact-unused'
/**
 * Warns in the reports of the files of which facts were said of what none of their forms has a field for: of files that come
 * together a fact need not be for each.
 */
export const withUnused = (
  report: LoadReport,
  facts: Facts,
  { sources }: Pick<Catalog, 'sources'>,
  said: readonly { readonly path: string }[],
): LoadReport => {
  const paths = new Set(said.map(({ path }) => path))
  const formsOf = ({ path, sheets }: LoadReport['files'][number]): readonly Source[] =>
    paths.has(path)
      ? sources.filter(({ name }) => sheets.some(({ source }) => source === name))
      : []
  const fields = new Set(
    report.files.flatMap(formsOf).flatMap(({ form }) => Object.keys(form.fields)),
  )
  const unused = Object.entries(facts).flatMap(([name, value]) =>
    value === '' || ofAnyFile.includes(name) || fields.has(name) ? [] : [name],
  )
  return {
    ...report,
    files: report.files.map((file) => {
      const [first] = formsOf(file)
      if (first === undefined) return file
      const { year } = first.form
      const warnings = unused.map((name): FileProblem => ({
        sheet: '',
        cell: null,
        code: factUnused,
        message: `сведения «${name}» этой форме не нужны и ни на что не повлияли${name === 'year' && year !== undefined ? `: её год называет «${year}»` : ''}`,
        severity: 'warning',
      }))
      return { ...file, problems: [...file.problems, ...warnings] }
    }),
  }
}
