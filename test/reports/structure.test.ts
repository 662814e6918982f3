import { expect, it } from 'vitest'
import { martColumns } from '../../reports/structure.ts'
import { official } from '../../transforms/editions/official.ts'

/** Written by the warehouse beside the marts, not declared as one. */
const added = ['mart_publication', 'mart_check']

const disclosed = new Map(
  official.tables.map(({ mart, without }) => [
    mart.name,
    new Map(
      Object.entries(mart.columns)
        .filter(([name]) => !(without ?? []).includes(name))
        .map(([name, { type }]) => [name, type.toUpperCase()]),
    ),
  ]),
)

it.each(Object.entries(martColumns).filter(([table]) => !added.includes(table)))(
  'the official edition gives the pages every column of %s that they were built for',
  (table, columns) => {
    const given = disclosed.get(table)
    expect(
      Object.fromEntries(Object.keys(columns).map((name) => [name, given?.get(name)])),
    ).toEqual(columns)
  },
)
