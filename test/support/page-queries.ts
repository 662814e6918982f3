import { readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'

export interface PageQuery {
  /** Page and name of the query: `trends.md totals`. */
  readonly name: string
  /** With nothing chosen in any control, for a school that need not exist. */
  readonly sql: string
}

/** Every query of the pages in a folder. */
export const pageQueries = (folder: string): readonly PageQuery[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .sort()
    .flatMap((path) =>
      [...readFileSync(join(folder, path), 'utf8').matchAll(/```sql (\w+)\n([\s\S]*?)```/g)].map(
        ([, query = '', text = '']) => ({
          name: `${relative(folder, join(folder, path))} ${query}`,
          sql: text.replaceAll(/\$\{[^}]*\}/g, 'structure'),
        }),
      ),
    )
