// What a page leaves unsaid of a table's columns: which they are, what heads them, how their values are written.

/** What heads a column: the dictionary's word from the first mart of the question that has it, else its name in the question. */
const titleOf = (name, question, titles) =>
  [...question.matchAll(/\bmarts\.(\w+)/g)].map(([, mart]) => titles[mart]?.[name]).find(Boolean) ??
  name

/** Numbers stand with the decimals that they have, three at most; a year is not counted in thousands. */
const kindOf = (name, values) => {
  if (/(^|_)year$/.test(name) || !values.some((value) => typeof value === 'number')) return {}
  return {
    kind: 'number',
    decimals: values.every((value) => value === null || Number.isInteger(value)) ? 0 : 3,
  }
}

/**
 * The columns of a table in full. Where the page names none they are those of its question; where it gives one no title, the dictionary does.
 *
 * @param {{ id: string, title?: string }[] | undefined} columns as the page has them
 * @param {Record<string, unknown>[]} rows
 * @param {string} question SQL of the rows
 * @param {Record<string, Record<string, string>>} titles of each mart's columns
 */
export const columnsInFull = (columns, rows, question, titles) => {
  if (columns?.every(({ title }) => title !== undefined)) return columns
  const said =
    columns ??
    Object.keys(rows[0] ?? {}).map((id) => ({
      id,
      ...kindOf(
        id,
        rows.map((row) => row[id]),
      ),
    }))
  return said.map((column) => ({ title: titleOf(column.id, question, titles), ...column }))
}
