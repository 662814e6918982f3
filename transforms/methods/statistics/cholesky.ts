const PIVOT = 1e-13

/**
 * Upper Cholesky factor R, RᵀR = A, in place of the upper triangle of A; zeros are passed over.
 *
 * @param a size × size, row-major; the lower triangle is not read
 * @returns the column whose pivot falls below 1e−13 of its diagonal element (a combination of those before it), or −1
 */
export const factor = (a: Float64Array, size: number): number => {
  const floors = Float64Array.from({ length: size }, (_, j) => a[j * size + j]! * PIVOT)
  for (let k = 0; k < size; k++) {
    const row = k * size
    const pivot = a[row + k]!
    if (!(pivot > floors[k]!)) return k
    const root = Math.sqrt(pivot)
    for (let j = k; j < size; j++) a[row + j]! /= root
    for (let i = k + 1; i < size; i++) {
      const left = a[row + i]!
      if (left === 0) continue
      for (let j = i; j < size; j++) a[i * size + j]! -= left * a[row + j]!
    }
  }
  return -1
}

/** R⁻¹ of an upper factor, upper. */
export const inverted = (a: Float64Array, size: number): Float64Array => {
  const result = new Float64Array(size * size)
  for (let i = size - 1; i >= 0; i--) {
    const row = i * size
    result[row + i] = 1
    for (let k = i + 1; k < size; k++) {
      const left = a[row + k]!
      if (left === 0) continue
      for (let j = k; j < size; j++) result[row + j]! -= left * result[k * size + j]!
    }
    for (let j = i; j < size; j++) result[row + j]! /= a[row + i]!
  }
  return result
}
