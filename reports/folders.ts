import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder `reports/`. */
export const reportsFolder = fileURLToPath(new URL('.', import.meta.url))

/** What is made on this machine: the shell, its log, the lock. */
export const workFolder = join(reportsFolder, '.evidence')

/** Where Evidence's SvelteKit project is put together, built and rendered. */
export const templateFolder = join(workFolder, 'template')
