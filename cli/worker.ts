import { setTimeout as sleep } from 'node:timers/promises'
import { tellingWaits } from '../warehouse/lock.ts'
import { adoptProject } from '../warehouse/project.ts'
import { warehouseSteps } from '../workflows/activities/steps.ts'
import { connect } from '../workflows/client.ts'
import { readConfig, readOwnConfig, type Target } from '../workflows/config.ts'
import { taskQueueOf, tellDecided } from '../workflows/engine.ts'
import { ConnectionLost } from '../workflows/errors.ts'
import { whyClosed } from '../workflows/reaching.ts'
import { findServer, startDevServer } from '../workflows/server.ts'
import { bundleWorkflows, startWorker, type RunningWorker } from '../workflows/worker.ts'
import { workerLog } from '../workflows/worker-log.ts'
import { defineCommand } from './command.ts'
import { complain } from './complaint.ts'
import { scheduledNoted } from './run.ts'
import { atHome } from './shell.ts'
import { siteRenderer } from './site.ts'
import { untilStopped } from './stop.ts'

export const command = defineCommand({
  usage: 'worker [--dev]',
  help: [
    'Исполняет прогоны Temporal для этого хранилища, пока его не остановят.',
    'С --dev рядом запускается сервер для разработки с веб-интерфейсом; его состояние хранится в хранилище.',
  ].join('\n'),
  options: { dev: { type: 'boolean', doc: 'запустить рядом сервер Temporal' } },
  positionals: { min: 0, max: 0 },
  examples: ['mera worker --dev', 'TEMPORAL_ADDRESS=узел:7233 mera worker'],
  run: async (call) => {
    const { values, terminal, signal, env } = call
    const say = (line: string): void => {
      terminal.note(line)
    }
    const tellStop = (): void => {
      say('Исполнитель останавливается…')
    }
    if (signal.aborted) tellStop()
    else signal.addEventListener('abort', tellStop, { once: true })
    const home = await call.openHome({ create: true })
    const catalog = await call.loadCatalog(home)
    await adoptProject(home, catalog.project.name, call.project)
    const { cache, parseSlots } = readOwnConfig(env)
    const server =
      values.dev === true
        ? await startDevServer({
            home: home.path,
            ui: true,
            env,
            say,
          })
        : undefined
    let json: object
    try {
      const target = server ?? (await findServer(home.path, env))
      if (server === undefined) {
        const { denied, close } = await connect(target)
        await close()
        if (denied !== undefined) throw denied
      }
      const taskQueue = taskQueueOf(home, env)
      const stage = terminal.stage('Подготовка исполнителя')
      const workflowBundle = await bundleWorkflows(cache)
      const { onSdkLine, onFault, onUnnoted } = workerLog(home, say)
      // A stop of the command is none of the runs: what they do has Temporal's grace time, waiting for the home too.
      const apart = { onWait: () => undefined, signal: new AbortController().signal }
      const worker = await tellingWaits(apart, () =>
        startWorker({
          target,
          taskQueue,
          parseSlots,
          workflowBundle,
          steps: warehouseSteps({ home, catalog, render: siteRenderer(home), say }),
          onScheduledEnd: scheduledNoted(home, onUnnoted),
          onSdkLine,
          onError: (error, reference) => {
            onFault(error, reference)
            terminal.note(`Прогон, ошибка ${reference}`)
            void complain(error, { terminal, debug: false, isInner: true })
          },
        }),
      ).catch((error: unknown) => {
        stage.drop()
        throw error
      })
      stage.done()
      if (!signal.aborted) {
        terminal.print(`Исполнитель работает: сервер ${target.address}, очередь ${taskQueue}`)
        if (server?.ui !== undefined) terminal.print(`Веб-интерфейс Temporal: ${server.ui}`)
        // Where the server does not answer now, the next word tells them.
        const telling = connect(target)
          .then(({ client, close }) => tellDecided(home, client, taskQueue).finally(close))
          .catch(() => undefined)
        await Promise.race([telling, untilStopped(signal)])
      }
      if (!signal.aborted) terminal.note('Остановить: Ctrl+C')
      // A server that somebody keeps comes back at its address; the dev server of a home has another one each time.
      const isDevServer = server !== undefined || readConfig(env).target === undefined
      const over = new AbortController()
      const isServerGone = await Promise.race([
        worker.done.then(() => false),
        untilStopped(signal).then(() => false),
        watchServer({
          worker,
          target,
          isDevServer,
          say,
          signal: AbortSignal.any([signal, over.signal]),
        }),
      ]).finally(() => {
        over.abort()
      })
      if (isServerGone) {
        await worker.stop().catch(() => undefined)
        throw new ConnectionLost(
          `сервер Temporal ${target.address}, который работал для этого хранилища, остановлен: процесс, который его запустил, закончил работу, или сервер прервали; исполнитель без него завершился`,
          `запустите mera worker --dev${atHome(home, call)}: сервер запустится снова, его состояние осталось в хранилище, и прогоны продолжатся`,
        )
      }
      const patience = setTimeout(() => {
        say('Исполнитель останавливается: ждёт конца начатого; ещё раз Ctrl+C — остановить сразу')
      }, STOP_TOLD_AFTER)
      await worker.stop().finally(() => {
        clearTimeout(patience)
      })
      json = { address: target.address, taskQueue, ui: server?.ui ?? null }
    } finally {
      signal.removeEventListener('abort', tellStop)
      await server?.stop()
    }
    say('Исполнитель остановлен')
    return { json }
  },
})

/** A stop that takes longer is told of, ms. */
const STOP_TOLD_AFTER = 2_000

/** Between two questions to the server, ms. */
const ASKED_EVERY = 1_000

/** Says when the server falls silent and when it answers again. True where the dev server of a home is gone, false when aborted. */
const watchServer = async ({
  worker,
  target,
  isDevServer,
  say,
  signal,
}: {
  readonly worker: RunningWorker
  readonly target: Pick<Target, 'address'>
  readonly isDevServer: boolean
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}): Promise<boolean> => {
  let unheard = 0
  for (;;) {
    await sleep(ASKED_EVERY, undefined, { signal }).catch(() => undefined)
    const isHeard = signal.aborted || (await worker.isHeard())
    if (signal.aborted) return false
    if (isHeard && unheard > 1) say('Сервер Temporal снова отвечает')
    unheard = isHeard ? 0 : unheard + 1
    // A machine that is busy may miss an answer.
    if (unheard < 2) continue
    if (isDevServer && (await whyClosed(target)) !== undefined) return true
    if (unheard === 2)
      say(
        `Сервер Temporal ${target.address} не отвечает: исполнитель ждёт его, прогоны продолжатся, когда он заработает`,
      )
  }
}
