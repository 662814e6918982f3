import { join } from 'node:path'
import { reportsFolder, templateFolder } from './folders.ts'
import { failedQuery, runTool, SiteError, tail } from './tool.ts'

/** What stands in the header and the footer of every page. */
export interface Publication {
  readonly generation: string
  readonly published_on: string
  readonly data_as_of: string
  readonly office: string
  readonly [column: string]: string | number | boolean | null
}

export interface RenderJob {
  /** Path of the edition's DuckDB file. */
  readonly edition: string
  /** Folder that the pages and their answers are written into. */
  readonly out: string
  readonly publication: Publication
  /** Whether pages that are only linked to, those of schools, are rendered too. */
  readonly schoolPages: boolean
  /** Folder of a site of the same shell: a page all of whose questions have the same answers now is taken from it, with the new issue named on it. */
  readonly former?: string | undefined
}

/**
 * Renders every page from the shell's finished build, in a process of its own. Gives the number of pages and how many of them were taken
 * from the former site. Throws a SiteError where a page or one of its queries fails; what lies in `out` is then of no use.
 */
export const renderPages = async (job: RenderJob): Promise<{ pages: number; taken: number }> => {
  const { code, output } = await runTool(
    process.execPath,
    [join(reportsFolder, 'rendering/pages.mjs'), JSON.stringify(job)],
    { cwd: templateFolder, env: { NODE_ENV: 'production' } },
  )
  const query = failedQuery(output)
  const counts = /^(\d+) pages, (\d+) taken$/m.exec(output)
  const anew =
    'издание могло быть собрано другой версией: повторите mera build --full, mera publish и mera reports build'
  if (query !== undefined)
    throw new SiteError(
      'site-render',
      `Запрос ${query.name === undefined ? '' : `«${query.name}» `}на страницах не выполнился: ${query.why}`,
      `Если вы меняли страницы, исправьте этот запрос в reports/pages; если нет, ${anew}`,
      query.details,
    )
  if (code !== 0 || counts === null)
    throw new SiteError(
      'site-render',
      'Страницы не отрисовались',
      `Возможно, ${anew}`,
      tail(output),
    )
  return { pages: Number(counts[1]), taken: Number(counts[2]) }
}
