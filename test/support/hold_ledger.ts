import { openHome } from '../../warehouse/home.ts'
import { withLedger } from '../../warehouse/ledger.ts'

/** Commits one row, leaves another in an open transaction, says so and waits to be ended. */
const home = await openHome(process.argv[2] ?? '')
await withLedger(home, 'test', async (ledger) => {
  await ledger.insert('secret', [{ fingerprint: 'committed' }])
  await ledger.database.run('begin')
  await ledger.insert('secret', [{ fingerprint: 'under way' }])
  process.stdout.write('waiting\n')
  await new Promise((resolve) => setTimeout(resolve, 60_000))
})
