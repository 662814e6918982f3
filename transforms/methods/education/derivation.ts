/** A whole and its parts, as places in the list of cells. */
export interface Equation {
  readonly whole: number
  readonly parts: readonly number[]
}
/** A hidden cell that the shown ones give, and the shown ones that they need for it. */
export interface Derivation {
  readonly cell: number
  readonly from: readonly number[]
}
interface Hidden {
  readonly isHidden: (cell: number) => boolean
  /** A hidden cell whose number nobody may find. */
  readonly isProtected: (cell: number) => boolean
}
/** An equation and its hidden cells: +1 a part, −1 a whole. */
interface Row {
  readonly equation: Equation
  readonly unknowns: ReadonlyMap<number, number>
}

/** More unknowns at once than these are solved piece by piece. */
const mostUnknowns = 400
/** The largest prime whose square fits in 31 bits. */
const prime = 46_337

/**
 * Protected cells that follow from all equations together, everything shown being known: those whose unit vector lies in the row space of
 * the equations over the hidden cells (the attack by linear algebra; Willenborg, de Waal 2001, ch. 5). Elimination modulo a prime, exact but
 * for minors that the prime divides. Equations are solved by what hangs together; where more than 400 unknowns do, in overlapping
 * neighbourhoods of at most so many, so that what only a longer chain gives is not found. Tells unknown from known only: how narrow a
 * range inequalities leave is not asked.
 */
export const derivations = (
  equations: readonly Equation[],
  hidden: Hidden,
): readonly Derivation[] => {
  const rows = peeled(rowsOf(equations, hidden.isHidden), hidden)
  return neighbourhoods(rows, hidden).flatMap((piece) => solved(piece, hidden))
}

const rowsOf = (equations: readonly Equation[], isHidden: Hidden['isHidden']): readonly Row[] =>
  equations.flatMap((equation): readonly Row[] => {
    const unknowns = new Map<number, number>()
    for (const part of equation.parts) if (isHidden(part)) unknowns.set(part, 1)
    if (isHidden(equation.whole)) unknowns.set(equation.whole, prime - 1)
    return unknowns.size === 0 ? [] : [{ equation, unknowns }]
  })
const rowsByCell = (rows: readonly Row[]): ReadonlyMap<number, Row[]> => {
  const of = new Map<number, Row[]>()
  for (const row of rows)
    for (const cell of row.unknowns.keys()) {
      const known = of.get(cell)
      if (known === undefined) of.set(cell, [row])
      else known.push(row)
    }
  return of
}

/** Without equations that can give nothing protected: an unknown of theirs alone stays in whatever they are combined to. */
const peeled = (rows: readonly Row[], { isProtected }: Hidden): readonly Row[] => {
  const of = rowsByCell(rows)
  const left = new Map([...of].map(([cell, { length }]) => [cell, length]))
  const live = new Set(rows)
  const waiting = [...rows]
  for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
    if (!live.has(row)) continue
    const own = [...row.unknowns.keys()].filter((cell) => left.get(cell) === 1)
    if (own.length < 2 && own.every(isProtected)) continue
    live.delete(row)
    for (const cell of row.unknowns.keys()) {
      const rest = (left.get(cell) ?? 0) - 1
      left.set(cell, rest)
      if (rest === 1) waiting.push(...(of.get(cell) ?? []).filter((other) => live.has(other)))
    }
  }
  return rows.filter((row) => live.has(row))
}

/** Equations around each protected cell, the nearest first, until there are none or the unknowns are too many. */
const neighbourhoods = (
  rows: readonly Row[],
  { isProtected }: Hidden,
): readonly (readonly Row[])[] => {
  const of = rowsByCell(rows)
  const asked = new Set<number>()
  const found: (readonly Row[])[] = []
  for (const start of of.keys()) {
    if (asked.has(start) || !isProtected(start)) continue
    const piece = new Set<Row>()
    const refused = new Set<Row>()
    const cells = new Set([start])
    for (const cell of cells)
      for (const row of of.get(cell) ?? []) {
        if (piece.has(row) || refused.has(row)) continue
        if (piece.size > 0 && isOverfull(cells, row)) refused.add(row)
        else {
          piece.add(row)
          for (const other of row.unknowns.keys()) cells.add(other)
        }
      }
    for (const cell of cells)
      if ((of.get(cell) ?? []).every((row) => piece.has(row))) asked.add(cell)
    asked.add(start)
    found.push([...piece])
  }
  return found
}

const isOverfull = (cells: ReadonlySet<number>, row: Row): boolean => {
  let count = cells.size
  for (const other of row.unknowns.keys())
    if (!cells.has(other) && ++count > mostUnknowns) return true
  return false
}

const inverse = (value: number): number => {
  let result = 1
  let base = value
  for (let power = prime - 2; power > 0; power >>= 1) {
    if (power % 2 === 1) result = (result * base) % prime
    base = (base * base) % prime
  }
  return result
}

/** Gauss and Jordan; to the right of the unknowns stands which equations each row is made of. */
const solved = (rows: readonly Row[], { isHidden, isProtected }: Hidden): readonly Derivation[] => {
  const cells = [...new Set(rows.flatMap(({ unknowns }) => [...unknowns.keys()]))]
  const places = new Map(cells.map((cell, i) => [cell, i]))
  const width = cells.length + rows.length
  const matrix = rows.map(({ unknowns }, r) => {
    const line = new Int32Array(width)
    for (const [cell, sign] of unknowns) line[places.get(cell) ?? 0] = sign
    line[cells.length + r] = 1
    return line
  })
  const pivots: number[] = []
  for (let column = 0; column < cells.length && pivots.length < matrix.length; column++) {
    const top = pivots.length
    const from = matrix.findIndex((line, r) => r >= top && line[column] !== 0)
    const pivot = matrix[from]
    const first = matrix[top]
    if (pivot === undefined || first === undefined) continue
    matrix[from] = first
    matrix[top] = pivot
    const scale = inverse(pivot[column] ?? 1)
    const used: number[] = []
    pivot.forEach((value, i) => {
      if (value === 0) return
      pivot[i] = (value * scale) % prime
      used.push(i)
    })
    for (const line of matrix) {
      const factor = line[column] ?? 0
      if (line === pivot || factor === 0) continue
      for (const i of used) {
        const rest = ((line[i] ?? 0) - factor * (pivot[i] ?? 0)) % prime
        line[i] = rest < 0 ? rest + prime : rest
      }
    }
    pivots.push(column)
  }
  return pivots.flatMap((column, r): readonly Derivation[] => {
    const cell = cells[column]
    const line = matrix[r]
    if (cell === undefined || line === undefined || !isProtected(cell)) return []
    if (line.subarray(0, cells.length).some((value, i) => value !== 0 && i !== column)) return []
    const net = new Map<number, number>()
    rows.forEach(({ equation }, i) => {
      const times = line[cells.length + i] ?? 0
      if (times === 0) return
      const add = (place: number, sign: number): void => {
        if (!isHidden(place)) net.set(place, ((net.get(place) ?? 0) + times * sign) % prime)
      }
      for (const part of equation.parts) add(part, 1)
      add(equation.whole, prime - 1)
    })
    return [{ cell, from: [...net].flatMap(([place, times]) => (times === 0 ? [] : [place])) }]
  })
}
