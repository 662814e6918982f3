import { openHome } from '../../warehouse/home.ts'
import { receive } from '../../warehouse/receive.ts'

/** Receives files as a load does, says so, and waits to be ended before it parses them. */
const [home = '', ...paths] = process.argv.slice(2)
await receive(await openHome(home), paths)
process.stdout.write('received\n')
await new Promise((resolve) => setTimeout(resolve, 60_000))
