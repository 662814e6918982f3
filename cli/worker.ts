import { tellingWaits } from '../warehouse/lock.ts'
import { adoptProject } from '../warehouse/project.ts'
import { warehouseSteps } from '../workflows/activities/steps.ts'
import { connect } from '../workflows/client.ts'
import { readConfig, readOwnConfig, type Target } from '../workflows/config.ts'
import { taskQueueOf, tellDecided } from '../workflows/engine.ts'
import { ConnectionLost } from '../workflows/errors.ts'
import { untilClosed, untilOpen } from '../workflows/reaching.ts'
import { findServer, startDevServer } from '../workflows/server.ts'
import { bundleWorkflows, startWorker } from '../workflows/worker.ts'
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
      const { onSdkLine, onFault } = workerLog(home, say)
      // A stop of the command is none of the runs: what they do has Temporal's grace time, waiting for the home too.
      const worker = await tellingWaits({ onWait: say, signal: new AbortController().signal }, () =>
        startWorker({
          target,
          taskQueue,
          parseSlots,
          workflowBundle,
          steps: warehouseSteps({ home, catalog, render: siteRenderer(home), say }),
          onScheduledEnd: scheduledNoted(home),
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
      terminal.print(`Исполнитель работает: сервер ${target.address}, очередь ${taskQueue}`)
      if (server?.ui !== undefined) terminal.print(`Веб-интерфейс Temporal: ${server.ui}`)
      // Where the server does not answer now, the next word tells them.
      const telling = connect(target)
        .then(({ client, close }) => tellDecided(home, client, taskQueue).finally(close))
        .catch(() => undefined)
      await Promise.race([telling, untilStopped(signal)])
      terminal.note('Остановить: Ctrl+C')
      // A server that somebody keeps comes back at its address; the dev server of a home has another one each time.
      const isDevServer = server !== undefined || readConfig(env).target === undefined
      const over = new AbortController()
      const isServerGone = await Promise.race([
        worker.done.then(() => false),
        untilStopped(signal).then(() => false),
        isDevServer
          ? untilClosed(target, over.signal).then(() => true)
          : tellingServer(target, say, over.signal).then(() => false),
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
      await worker.stop()
      return { json: { address: target.address, taskQueue, ui: server?.ui ?? null } }
    } finally {
      await server?.stop()
    }
  },
})

/** A server that somebody keeps, or what stands before it, is not to be troubled by connections that say nothing, ms. */
const SERVER_ASKED_EVERY = 15_000

/** A server that somebody keeps is waited for, however long; a person who looks must know what for. */
const tellingServer = async (
  target: Pick<Target, 'address'>,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> => {
  for (;;) {
    await untilClosed(target, signal, SERVER_ASKED_EVERY)
    if (!signal.aborted)
      say(
        `Сервер Temporal ${target.address} не отвечает: исполнитель ждёт его, прогоны продолжатся, когда он заработает`,
      )
    await untilOpen(target, signal, SERVER_ASKED_EVERY)
    if (signal.aborted) return
    say('Сервер Temporal снова отвечает')
  }
}
