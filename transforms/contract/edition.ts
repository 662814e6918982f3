import type { Columns } from './column.ts'
import type { Model } from './table.ts'
import type { Computation } from './computation.ts'

/** Values hidden where a condition holds. */
export interface Mask<C extends Columns = Columns> {
  /** SQL condition over the mart's row. */
  readonly when: string
  /** What the columns become: null, the text or number given, or another column of the row. */
  readonly columns: {
    readonly [K in keyof C & string]?:
      null | string | number | { readonly column: keyof C & string }
  }
}

/** How one mart is shown to an audience. Suppression is decided here and nowhere else. */
export interface Disclosure<C extends Columns = Columns> {
  readonly mart: Model<C> | Computation<C>
  /** SQL condition over the mart's row that keeps it; absent: every row. */
  readonly keep?: string
  readonly mask?: Mask<C>
  /** Columns that this audience does not get at all. */
  readonly without?: readonly (keyof C & string)[]
}
export const disclose = <const C extends Columns>(disclosure: Disclosure<C>): Disclosure =>
  disclosure as unknown as Disclosure

/** An audience: what it may see of which marts. Becomes a file of its own with the same `marts.*` names. */
export interface Edition {
  readonly name: string
  /** Russian. */
  readonly title: string
  readonly audience: 'official' | 'public' | 'analyst' | 'school'
  /** Russian: what is hidden and why; stands on every page. */
  readonly note: string
  readonly tables: readonly Disclosure[]
}
export const defineEdition = (url: string, edition: Omit<Edition, 'name'>): Edition => ({
  ...edition,
  name: url.replace(/^.*\/|\.ts$/g, ''),
})
