import { openHome } from '../../warehouse/home.ts'
import { withLedger } from '../../warehouse/ledger.ts'

/** Until it is ended, writes to two tables of the ledger together, and now and then gives the home back; says when it begins. */
const home = await openHome(process.argv[2] ?? '')
const missing = { sheet: null, cell: null, message: null, severity: null }
for (let i = 0; ;)
  await withLedger(home, 'test', async (ledger) => {
    for (let j = 0; j < 20; j++, i++)
      await ledger.inTransaction(async () => {
        await ledger.insert('secret', [{ fingerprint: String(i) }])
        await ledger.insert('problem', [{ sha256: String(i), code: 'test', ...missing }])
      })
    if (i === 20) process.stdout.write('writing\n')
  })
