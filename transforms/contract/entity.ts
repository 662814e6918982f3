import type { Expression } from 'kysely'
import type { Columns, RowOf } from './column.ts'
import { Table, type Promises } from './table.ts'

interface EntityDefinition<C extends Columns> extends Promises<C> {
  readonly columns: C
}
/** What staging yields and core reads: the port between forms that change and facts that stay. Its table unites all that yield it. */
export class Entity<C extends Columns = Columns> extends Table<C> {
  readonly definition: EntityDefinition<C>
  constructor(url: string, definition: EntityDefinition<C>) {
    super(url, definition.columns)
    this.definition = definition
  }
}
export const defineEntity = <const C extends Columns>(
  url: string,
  definition: EntityDefinition<C>,
): Entity<C> => new Entity(url, definition)

/** One form turned into one entity; its columns are the entity's, so they are not written again. */
export interface Staging<C extends Columns = Columns> {
  readonly name: string
  readonly yields: Entity<C>
  readonly select: () => Expression<RowOf<C>>
}
export const defineStaging = <const C extends Columns>(
  url: string,
  staging: Omit<Staging<C>, 'name'>,
): Staging<C> => ({ ...staging, name: `staging.${url.replace(/^.*\/|\.ts$/g, '')}` })
