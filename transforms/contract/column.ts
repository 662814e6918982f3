/** A column's contract: its DuckDB type, what it means, and (phantom) the TypeScript type that a row carries. */
export interface Column<T> {
  readonly type: string
  /** What it means: Russian, for users; values that code compares stand as they are stored. */
  readonly doc: string
  readonly nullable: boolean
  /** Phantom: carries the row's TypeScript type and has no value. */
  readonly ts?: T
}
export type Columns = Readonly<Record<string, Column<unknown>>>
export type RowOf<C extends Columns> = {
  [K in keyof C]: C[K] extends Column<infer T> ? T : never
}

export const text = (doc: string): Column<string> => ({ type: 'VARCHAR', doc, nullable: false })
export const integer = (doc: string): Column<number> => ({ type: 'INTEGER', doc, nullable: false })
export const double = (doc: string): Column<number> => ({ type: 'DOUBLE', doc, nullable: false })
/** An exact number; sums of it do not depend on order or threads, so facts use it wherever a fraction is added up. */
export const decimal = (doc: string, width = 18, scale = 6): Column<number> => ({
  type: `DECIMAL(${String(width)},${String(scale)})`,
  doc,
  nullable: false,
})
export const boolean = (doc: string): Column<boolean> => ({ type: 'BOOLEAN', doc, nullable: false })
/** A calendar date; TypeScript sees ISO text. */
export const date = (doc: string): Column<string> => ({ type: 'DATE', doc, nullable: false })
/** A list, or a list of structs; of DuckDB's types only those need it that have no function of their own here. */
export const list = <T>(element: string, doc: string): Column<readonly T[]> => ({
  type: `${element}[]`,
  doc,
  nullable: false,
})
export const nullable = <T>(column: Column<T>): Column<T | null> => ({ ...column, nullable: true })

/** Where a row came from: every source, entity and fact carries these, so that any number can be followed to cells. */
export const origin = {
  _file: text('файл: первые 16 цифр его SHA-256'),
  _sheet: text('лист книги; пусто у текстового файла'),
  _row: integer('строка листа, с единицы'),
} as const
