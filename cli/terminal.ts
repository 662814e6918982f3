import { duration } from './russian.ts'

interface Stream {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  write(text: string | Uint8Array, done?: (error?: Error | null) => void): boolean
}
export interface TerminalOptions {
  readonly out: Stream
  readonly err: Stream
  /** Results for people go to `err`: `out` gets one JSON object. */
  readonly json: boolean
  /** Plain text and no rewriting, whatever the stream says. */
  readonly plain?: boolean
}
/** A piece of work that a person watches. */
export interface Stage {
  /** Shown on a terminal only, over the line before. */
  progress(done: number, total: number, what?: string): void
  /** Ends the stage with a line that stays. */
  done(result?: string): void
  /** Ends it without one. */
  drop(): void
}

const colours = { green: 32, red: 31, yellow: 33, cyan: 36, bold: 1, faint: 2 } as const
export type Colour = keyof typeof colours
const tick = 60

/** What a person sees. On a terminal a stage is a line that is rewritten; in a log it is one line when it ends. */
export class Terminal {
  readonly #out: Stream
  readonly #err: Stream
  readonly json: boolean
  readonly #lively: boolean
  readonly #colourful: boolean
  #line = ''
  #shown = 0
  constructor({ out, err, json, plain = false }: TerminalOptions) {
    this.#out = out
    this.#err = err
    this.json = json
    this.#lively = err.isTTY === true && !plain
    this.#colourful = !plain && (json ? err : out).isTTY === true
  }

  paint(colour: Colour, text: string): string {
    return this.#colourful ? `\u001b[${String(colours[colour])}m${text}\u001b[0m` : text
  }
  /** A line of the result. */
  print(text = ''): void {
    this.#clear()
    ;(this.json ? this.#err : this.#out).write(`${text}\n`)
    this.#redraw()
  }
  /** A line beside the result: where something comes from, what to do next. */
  note(text: string): void {
    this.#clear()
    this.#err.write(`${text}\n`)
    this.#redraw()
  }
  /** Bytes of the result as they are; waits until a slow reader has taken them. */
  raw(data: string | Uint8Array): Promise<void> {
    this.#clear()
    return new Promise((done, fail) => {
      this.#out.write(data, (error) => {
        if (error) fail(error)
        else done()
      })
    })
  }
  stage(title: string): Stage {
    const started = performance.now()
    const spent = (): string => duration(performance.now() - started)
    let isOpen = true
    this.#draw(`${title}…`)
    return {
      progress: (done, total, what = '') => {
        if (!isOpen || performance.now() - this.#shown < tick) return
        const part = total > 0 ? ` ${bar(done / total)} ${String(done)} из ${String(total)}` : ''
        this.#draw(`${title}${part}${what === '' ? '' : ` ${what}`}…`)
      },
      done: (result) => {
        if (!isOpen) return
        isOpen = false
        this.#line = ''
        this.note(
          `${this.paint('green', '✓')} ${title}${result === undefined || result === '' ? '' : `: ${result}`} ${this.paint('faint', `(${spent()})`)}`,
        )
      },
      drop: () => {
        isOpen = false
        this.#clear()
        this.#line = ''
      },
    }
  }

  #draw(text: string): void {
    if (!this.#lively) return
    const { columns = 0 } = this.#err
    // A terminal that does not know its width says 0.
    const width = Math.max(1, (columns > 0 ? columns : 80) - 1)
    this.#clear()
    this.#line = text.length > width ? `${text.slice(0, width - 1)}…` : text
    this.#shown = performance.now()
    this.#err.write(this.#line)
  }
  #clear(): void {
    if (this.#lively && this.#line !== '') this.#err.write('\r\u001b[2K')
  }
  #redraw(): void {
    if (this.#lively && this.#line !== '') this.#err.write(this.#line)
  }
}

const bar = (share: number): string => {
  const width = 20
  const full = Math.round(Math.min(1, Math.max(0, share)) * width)
  return '█'.repeat(full) + '░'.repeat(width - full)
}

/** Columns side by side; numbers to the right. */
export const table = (
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly boolean[] = [],
): string => {
  const widths = header.map((title, j) =>
    Math.max(title.length, ...rows.map((row) => (row[j] ?? '').length)),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, j) =>
        right[j] === true ? cell.padStart(widths[j] ?? 0) : cell.padEnd(widths[j] ?? 0),
      )
      .join('  ')
      .trimEnd()
  return [
    line(header),
    widths.map((width) => '─'.repeat(width)).join('  '),
    ...rows.map(line),
  ].join('\n')
}
