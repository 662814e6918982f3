export { backfill } from './backfill.ts'
export { loadFiles } from './load-files.ts'
export { refreshWarehouse } from './refresh-warehouse.ts'
