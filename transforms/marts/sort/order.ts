export const cellOf = (row: {
  readonly procedure: string
  readonly subject: string
  readonly grade: string
}): string => `${row.procedure} ${row.subject} ${row.grade}`
export const named = (rows: readonly { readonly key: string; readonly name: string }[]) =>
  new Map(rows.map(({ key, name }, place) => [key, { name, place }]))

/**
 * One number that orders rows by several places, the first deciding: it needs nothing of the other rows, so that a part of a table can be
 * made alone. Places are whole numbers from 0 and below their sizes; the product of sizes must stay below 2⁵³.
 */
export const sortOf = (
  places: readonly { readonly place: number; readonly size: number }[],
): number => places.reduce((sort, { place, size }) => sortWithin(sort, place, size), 0)

/** As `sortOf`, where what decides first is told already. */
export const sortWithin = (sort: number, place: number, size: number): number => sort * size + place

/** Where a key stands among those named; an unknown one comes last. */
export const placeOf = (
  names: ReadonlyMap<string, { readonly place: number }>,
  key: string,
): { readonly place: number; readonly size: number } => ({
  place: names.get(key)?.place ?? names.size,
  size: names.size + 1,
})
