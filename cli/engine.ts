import type { Catalog } from '../warehouse/catalog.ts'
import type { Home } from '../warehouse/home.ts'
import { adoptProject } from '../warehouse/project.ts'
import { namedBinary } from '../workflows/binary.ts'
import { chooseEngine, readConfig, type EngineChoice } from '../workflows/config.ts'
import { devServerOf, openEngine, type Engine, type EngineOptions } from '../workflows/engine.ts'
import { SERVER_PATIENCE } from '../workflows/follow.ts'
import type { Progress, Stage as StageName } from '../workflows/messages.ts'
import type { Call } from './command.ts'
import { plural } from './russian.ts'
import type { Stage, Terminal } from './terminal.ts'

/** Which engine, why, and the dev server where one was reached for it already. */
export interface Choice extends EngineChoice, Pick<EngineOptions, 'server'> {}

/** By `--engine` and the environment, whose mistakes are told here: before anything is received. Throws ConfigError. */
export const chosenEngine = async (
  { engine, env }: Pick<Call, 'engine' | 'env'>,
  home: Home,
): Promise<Choice> => {
  const choice = chooseEngine(engine, env)
  if (choice.engine === 'local') return choice
  const config = readConfig(env)
  if (config.target === undefined && (await devServerOf(home)) === undefined) namedBinary(config)
  return choice
}

export interface SessionOptions {
  readonly home: Home
  readonly catalog: Catalog
  /** Renders the site of a published generation; returns its number of pages. */
  readonly render?: (generation: string) => Promise<number>
  readonly choice: Choice
  /** A dev server that has to be started gets its web UI. */
  readonly ui?: boolean
}
type World = Pick<Call, 'terminal' | 'signal' | 'env' | 'project'>

/** Says which engine is chosen and opens it; its runs show their stages on the terminal. */
export const openSession = async (
  { terminal, signal, env, project }: World,
  { home, catalog, render, choice, ui = false }: SessionOptions,
): Promise<Engine> => {
  const { engine: chosen, because, server } = choice
  await adoptProject(home, catalog.project.name, project)
  terminal.note(
    chosen === 'local'
      ? `Исполнение: в этом процессе (${because})`
      : `Исполнение: через Temporal (${because})`,
  )
  if (chosen === 'temporal' && server === undefined) {
    const named = readConfig(env).target?.because ?? because
    if (named !== because) terminal.note(`Сервер Temporal: ${named}`)
  }
  const stages = new Stages(terminal, chosen === 'temporal')
  const engine = await openEngine({
    engine: chosen,
    home,
    catalog,
    env,
    ui,
    signal,
    say: (line) => {
      terminal.note(line)
    },
    onProgress: (progress) => {
      stages.at(progress)
    },
    onSilence: (last) => {
      terminal.note(silence(last))
    },
    onServer: (answers) => {
      terminal.note(serverWord(answers))
    },
    ...(project === undefined ? {} : { project }),
    ...(server === undefined ? {} : { server }),
    ...(render === undefined ? {} : { render }),
  })
  return {
    ...engine,
    load: (input) => stages.around(engine.load(input)),
    refresh: (input) => stages.around(engine.refresh(input)),
    backfill: (input) => stages.around(engine.backfill(input)),
  }
}

const titles: Readonly<Record<Exclude<StageName, 'done'>, string>> = {
  collect: 'Приём файлов из папки inbox',
  plan: 'Поиск нового',
  parse: 'Чтение файлов',
  record: 'Запись в журнал',
  build: 'Построение таблиц, изданий и проверки',
  approval: 'Ожидание разрешения на публикацию',
  publish: 'Публикация',
  render: 'Страницы сайта',
}
export const stageTitle = (stage: StageName): string =>
  stage === 'done' ? 'Готово' : titles[stage]

/** One line, whether on a terminal or in a log. */
export const silence = (last: Progress | undefined): string =>
  `Исполнитель (mera worker) не отвечает: прогон ждёт его на сервере${last === undefined ? '' : `, стадия «${stageTitle(last.stage)}»`}; сделанное не пропадёт. Если исполнитель остановлен, запустите его в другом окне: mera worker`

const serverWord = (answers: boolean): string =>
  answers
    ? 'Сервер Temporal снова отвечает'
    : `Сервер Temporal не отвечает: ждём, пока он заработает, до ${plural(SERVER_PATIENCE / 60_000, 'минуты', 'минут', 'минут')}. Прогон не потерян: сервер его помнит и продолжит с того же места`

/** One line a stage, whatever the engine says and how often. */
class Stages {
  readonly #terminal: Terminal
  #name: StageName | undefined
  #open: Stage | undefined
  /** In process nobody waits for an approval: the command's end tells of it. */
  readonly #waits: boolean
  constructor(terminal: Terminal, waits: boolean) {
    this.#terminal = terminal
    this.#waits = waits
  }
  at({ stage, done, total, generation }: Progress): void {
    if (stage !== this.#name) {
      this.#open?.done()
      if (stage === 'approval' && this.#waits)
        this.#terminal.note(`Поколение ${generation ?? ''} ждёт разрешения: mera approve`)
      // Whoever stops the rendering has to know what stands.
      if (stage === 'render')
        this.#terminal.note(
          `Читателям открыто поколение ${generation ?? ''}; осталось обновить страницы сайта`,
        )
      this.#name = stage
      this.#open = stage === 'done' ? undefined : this.#terminal.stage(stageTitle(stage))
    }
    this.#open?.progress(done, total)
  }
  async around<T>(work: Promise<T>): Promise<T> {
    try {
      const result = await work
      this.#open?.done()
      return result
    } catch (error) {
      this.#open?.drop()
      throw error
    } finally {
      this.#open = undefined
      this.#name = undefined
    }
  }
}
