import type { Columns } from './column.ts'
import { Table, type Promises } from './table.ts'

interface LedgerDefinition<C extends Columns> extends Promises<C> {
  readonly columns: C
}
/** What the warehouse tells of itself (what arrived, what was refused); it fills these before each build, without clocks. */
export class LedgerTable<C extends Columns = Columns> extends Table<C> {
  readonly definition: LedgerDefinition<C>
  constructor(url: string, definition: LedgerDefinition<C>) {
    super(url, definition.columns)
    this.definition = definition
  }
}
export const defineLedgerTable = <const C extends Columns>(
  url: string,
  definition: LedgerDefinition<C>,
): LedgerTable<C> => new LedgerTable(url, definition)
