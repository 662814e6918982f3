import type { Catalog } from '../warehouse/catalog.ts'
import type { MeraError } from '../warehouse/errors.ts'
import type { Home } from '../warehouse/home.ts'
import type { EngineName } from '../workflows/config.ts'
import type { Terminal } from './terminal.ts'

/** An option as help shows it. `value` names what follows it: `--home ПАПКА`. */
export interface Option {
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean
  readonly value?: string
  /** Russian. */
  readonly doc: string
}
export type Options = Readonly<Record<string, Option>>
export type Values<O extends Options> = {
  readonly [K in keyof O]?: O[K] extends { readonly type: 'boolean' }
    ? boolean
    : O[K] extends { readonly multiple: true }
      ? readonly string[]
      : string
}

/** What every command is called with. */
export interface Call<O extends Options = Options> {
  readonly values: Values<O>
  readonly positionals: readonly string[]
  readonly terminal: Terminal
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  /** Path of the home, whether it is there or not. */
  readonly homePath: string
  /** `--project`, absolute. */
  readonly project: string | undefined
  /** `--engine`. */
  readonly engine: EngineName | undefined
  /** Opens the home; unless `create`, an absent one is an error. */
  readonly openHome: (options?: { readonly create?: boolean }) => Promise<Home>
  /** Declarations of the home's project, which `--project` may name but not change; without a home those of `--project`. */
  readonly loadCatalog: (home?: Home) => Promise<Catalog>
  /** For commands that need no home: declarations of `--project`, else of the home's project where there is one. */
  readonly nearCatalog: () => Promise<Catalog>
}
export interface Answer {
  /** What `--json` prints. */
  readonly json: object
  /** True: a file was refused or a check of severity error fails (exit code 1). */
  readonly isRefused?: boolean
  /** What kept a part of the answer from being told: said after it, with the exit code of its kind, and `error` of `--json`. */
  readonly fault?: MeraError | undefined
}
export interface Command {
  /** After `mera `: «load ПУТЬ… [--fact имя=значение]». */
  readonly usage: string
  /** Russian paragraphs. */
  readonly help: string
  readonly options: Options
  readonly examples?: readonly string[]
  /** How many words may follow the command. */
  readonly positionals: { readonly min: number; readonly max: number; readonly missing?: string }
  readonly run: (call: Call) => Promise<Answer>
}
export const defineCommand = <const O extends Options>(
  command: Omit<Command, 'options' | 'run'> & {
    readonly options: O
    readonly run: (call: Call<O>) => Promise<Answer>
  },
): Command => command as unknown as Command
