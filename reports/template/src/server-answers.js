// Stands for `@evidence-dev/universal-sql/client-duckdb` where pages are rendered: a question is answered by `rendering/pages.mjs`, nothing is opened.
const nothing = async () => {}
export const initDB = nothing
export const setParquetURLs = nothing
export const updateSearchPath = nothing

export const query = (sql) => globalThis[Symbol.for('mera.rendering')].answer(sql, '')
