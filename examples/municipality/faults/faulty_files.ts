import type { Content, PlannedFile } from '../plan.ts'
import type { VprCell } from '../results.ts'
import type { SubjectCode } from '../scales.ts'
import type { Fault, SourceName } from '../truth.ts'
import type { Cell, Row, Sheet } from '../../../warehouse/workbook.ts'

/** Row of the first pupil in Ф1, below its header and the first group line. */
export const firstPupil = 10
/** Column of the first task in Ф1. */
export const firstTask = 7
export const headerRow = 8

export const isPupil = (row: Row | undefined): row is Row => typeof row?.[3] === 'number'
/** Width of a report, by its header. */
export const widthOf = (sheet: Sheet | undefined): number => sheet?.rows[headerRow - 1]?.length ?? 0

export const withCell = (row: Row, column: number, value: Cell): Row =>
  row.map((cell, i) => (i === column - 1 ? value : cell))

export const mapCells = (
  sheet: Sheet,
  from: number,
  change: (cell: Cell, row: number, column: number) => Cell,
): Sheet => ({
  ...sheet,
  rows: sheet.rows.map((row, i) =>
    i + 1 < from ? row : row.map((cell, j) => change(cell, i + 1, j + 1)),
  ),
})

/** Files of the sample while faults are planted in them, and the list of what was planted. */
export class FaultyFiles {
  readonly files: PlannedFile[]
  readonly faults: Fault[] = []
  readonly first: number
  readonly last: number

  constructor(planned: readonly PlannedFile[]) {
    this.files = [...planned]
    const years = planned.flatMap(({ year }) => (year === null ? [] : [year]))
    this.first = Math.min(...years)
    this.last = Math.max(...years)
  }

  find(test: (file: PlannedFile) => boolean): number {
    const found = this.files.findIndex(test)
    if (found < 0) throw new RangeError('no such file to plant a fault in')
    return found
  }

  /** Place of a delivery among the files. */
  place(source: SourceName, year: number, subject?: SubjectCode, grade?: number): number {
    return this.find(
      (file) =>
        file.source === source &&
        file.year === year &&
        (subject === undefined || (file.cell?.subject === subject && file.cell.grade === grade)),
    )
  }

  at(place: number): PlannedFile {
    const file = this.files[place]
    if (!file) throw new RangeError(`no file at ${place}`)
    return file
  }

  cellAt(place: number): VprCell {
    const { cell } = this.at(place)
    if (!cell) throw new RangeError(`no results behind file ${place}`)
    return cell
  }

  sheetAt(place: number): Sheet {
    const { content } = this.at(place)
    const sheet = content.kind === 'xlsx' ? content.sheets()[0] : undefined
    if (!sheet) throw new RangeError(`no sheet in file ${place}`)
    return sheet
  }

  mark(place: number, fault: Omit<Fault, 'file'>): void {
    this.faults.push({ file: this.at(place).path, ...fault })
  }

  replace(place: number, change: Partial<PlannedFile>): void {
    this.files[place] = { ...this.at(place), ...change }
  }

  /** Change the first sheet of a workbook of the sample and tell what was done. */
  edit(place: number, edit: (sheet: Sheet) => Sheet, fault?: Omit<Fault, 'file' | 'sheet'>): void {
    const { content } = this.at(place)
    const rest = content.kind === 'xlsx' ? content.sheets().slice(1) : []
    const edited = edit(this.sheetAt(place))
    this.replace(place, { content: { kind: 'xlsx', sheets: () => [edited, ...rest] } })
    if (fault) this.mark(place, { sheet: edited.name, ...fault })
  }

  /** Add a file that the sample does not have; its rows stand in no total. */
  add(
    name: string,
    content: Content,
    fault: Omit<Fault, 'file'>,
    of?: { readonly source: SourceName; readonly year: number; readonly rows: number },
  ): void {
    this.files.push({
      path: `Разное/${name}`,
      source: of?.source ?? null,
      year: of?.year ?? null,
      rows: of?.rows ?? 0,
      counted: false,
      content,
    })
    this.mark(this.files.length - 1, fault)
  }
}
