import type { Catalog } from '../warehouse/catalog.ts'
import type { Home } from '../warehouse/home.ts'
import { adoptProject } from '../warehouse/project.ts'
import { chooseEngine, type EngineName } from '../workflows/config.ts'
import { openEngine, type Engine } from '../workflows/engine.ts'
import type { Progress, Stage as StageName } from '../workflows/messages.ts'
import type { Call } from './command.ts'
import type { Stage, Terminal } from './terminal.ts'

export interface SessionOptions {
  readonly home: Home
  readonly catalog: Catalog
  /** Renders the site of a published generation; returns its number of pages. */
  readonly render?: (generation: string) => Promise<number>
  /** Instead of `--engine` and the environment: which, and why. */
  readonly choice?: { readonly engine: EngineName; readonly because: string }
  /** A dev server that has to be started gets its web UI. */
  readonly ui?: boolean
}
type World = Pick<Call, 'terminal' | 'signal' | 'env' | 'engine' | 'project'>

/** Chooses the engine, says which, and opens it; its runs show their stages on the terminal. */
export const openSession = async (
  { terminal, signal, env, engine: flag, project }: World,
  { home, catalog, render, choice, ui = false }: SessionOptions,
): Promise<Engine> => {
  const { engine: chosen, because } = choice ?? chooseEngine(flag, env)
  await adoptProject(home, catalog.project.name, project)
  terminal.note(
    chosen === 'local'
      ? `Исполнение: в этом процессе (${because})`
      : `Исполнение: через Temporal (${because})`,
  )
  const stages = new Stages(terminal)
  const engine = await openEngine({
    engine: chosen,
    home,
    catalog,
    env,
    ui,
    signal,
    say: (line) => {
      if (!line.endsWith(because)) terminal.note(line)
    },
    onProgress: (progress) => {
      stages.at(progress)
    },
    ...(project === undefined ? {} : { project }),
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
  build: 'Построение таблиц и проверки',
  approval: 'Ожидание разрешения на публикацию',
  publish: 'Публикация и издания',
  render: 'Страницы сайта',
}
export const stageTitle = (stage: StageName): string =>
  stage === 'done' ? 'Готово' : titles[stage]

/** One line a stage, whatever the engine says and how often. */
class Stages {
  readonly #terminal: Terminal
  #name: StageName | undefined
  #open: Stage | undefined
  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }
  at({ stage, done, total }: Progress): void {
    if (stage !== this.#name) {
      this.#open?.done()
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
