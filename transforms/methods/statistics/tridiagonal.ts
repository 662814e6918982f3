/**
 * Reduces a symmetric matrix to tridiagonal form by Householder reflections.
 *
 * @param v n × n, row-major; overwritten by the orthogonal transformation
 * @param d n numbers; receives the diagonal
 * @param e n numbers; receives the subdiagonal in e[1 … n − 1]
 */
const reduce = (v: Float64Array, d: Float64Array, e: Float64Array, n: number): void => {
  for (let j = 0; j < n; j++) d[j] = v[(n - 1) * n + j]!
  for (let i = n - 1; i > 0; i--) {
    let scale = 0
    let h = 0
    for (let k = 0; k < i; k++) scale += Math.abs(d[k]!)
    if (scale === 0) {
      e[i] = d[i - 1]!
      for (let j = 0; j < i; j++) {
        d[j] = v[(i - 1) * n + j]!
        v[i * n + j] = 0
        v[j * n + i] = 0
      }
    } else {
      for (let k = 0; k < i; k++) {
        d[k]! /= scale
        h += d[k]! * d[k]!
      }
      let f = d[i - 1]!
      let g = f > 0 ? -Math.sqrt(h) : Math.sqrt(h)
      e[i] = scale * g
      h -= f * g
      d[i - 1] = f - g
      e.fill(0, 0, i)
      for (let j = 0; j < i; j++) {
        f = d[j]!
        v[j * n + i] = f
        g = e[j]! + v[j * n + j]! * f
        for (let k = j + 1; k < i; k++) {
          g += v[k * n + j]! * d[k]!
          e[k]! += v[k * n + j]! * f
        }
        e[j] = g
      }
      f = 0
      for (let j = 0; j < i; j++) {
        e[j]! /= h
        f += e[j]! * d[j]!
      }
      const hh = f / (h + h)
      for (let j = 0; j < i; j++) e[j]! -= hh * d[j]!
      for (let j = 0; j < i; j++) {
        f = d[j]!
        g = e[j]!
        for (let k = j; k < i; k++) v[k * n + j]! -= f * e[k]! + g * d[k]!
        d[j] = v[(i - 1) * n + j]!
        v[i * n + j] = 0
      }
    }
    d[i] = h
  }
  for (let i = 0; i < n - 1; i++) {
    v[(n - 1) * n + i] = v[i * n + i]!
    v[i * n + i] = 1
    const h = d[i + 1]!
    if (h !== 0) {
      for (let k = 0; k <= i; k++) d[k] = v[k * n + i + 1]! / h
      for (let j = 0; j <= i; j++) {
        let g = 0
        for (let k = 0; k <= i; k++) g += v[k * n + i + 1]! * v[k * n + j]!
        for (let k = 0; k <= i; k++) v[k * n + j]! -= g * d[k]!
      }
    }
    for (let k = 0; k <= i; k++) v[k * n + i + 1] = 0
  }
  for (let j = 0; j < n; j++) {
    d[j] = v[(n - 1) * n + j]!
    v[(n - 1) * n + j] = 0
  }
  v[n * n - 1] = 1
  e[0] = 0
}

/**
 * Implicit QL on a tridiagonal matrix; `vt` holds the transformation transposed, so that its rows become
 * eigenvectors.
 */
const diagonalise = (vt: Float64Array, d: Float64Array, e: Float64Array, n: number): void => {
  for (let i = 1; i < n; i++) e[i - 1] = e[i]!
  e[n - 1] = 0
  let shift = 0
  let largest = 0
  for (let l = 0; l < n; l++) {
    largest = Math.max(largest, Math.abs(d[l]!) + Math.abs(e[l]!))
    let m = l
    while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * largest) m++
    for (let round = 0; m > l && round < 100; round++) {
      let g = d[l]!
      let p = (d[l + 1]! - g) / (2 * e[l]!)
      let r = Math.hypot(p, 1)
      if (p < 0) r = -r
      d[l] = e[l]! / (p + r)
      d[l + 1] = e[l]! * (p + r)
      const next = d[l + 1]!
      let h = g - d[l]!
      for (let i = l + 2; i < n; i++) d[i]! -= h
      shift += h
      p = d[m]!
      let c = 1
      let c2 = 1
      let c3 = 1
      const below = e[l + 1]!
      let s = 0
      let s2 = 0
      for (let i = m - 1; i >= l; i--) {
        c3 = c2
        c2 = c
        s2 = s
        g = c * e[i]!
        h = c * p
        r = Math.hypot(p, e[i]!)
        e[i + 1] = s * r
        s = e[i]! / r
        c = p / r
        p = c * d[i]! - s * g
        d[i + 1] = h + s * (c * g + s * d[i]!)
        for (let k = 0; k < n; k++) {
          h = vt[(i + 1) * n + k]!
          vt[(i + 1) * n + k] = s * vt[i * n + k]! + c * h
          vt[i * n + k] = c * vt[i * n + k]! - s * h
        }
      }
      p = (-s * s2 * c3 * below * e[l]!) / next
      e[l] = s * p
      d[l] = c * p
      if (Math.abs(e[l]!) <= Number.EPSILON * largest) break
    }
    d[l]! += shift
    e[l] = 0
  }
}

/**
 * Eigenvalues, unordered, and eigenvectors of a symmetric matrix by Householder reduction and implicit QL: O(n³)
 * with a small constant, for matrices too large for Jacobi rotations.
 *
 * Source: H. Bowdler, R. Martin, C. Reinsch, J. Wilkinson, Numer. Math. 11 (1968) 293–306.
 *
 * @param symmetric n × n, row-major, both triangles filled
 * @returns n eigenvalues; row i of `vectors` is the unit eigenvector of value i
 */
export const tridiagonalEigen = (
  symmetric: Float64Array,
  n: number,
): { readonly values: Float64Array; readonly vectors: Float64Array } => {
  const v = symmetric.slice()
  const values = new Float64Array(n)
  const e = new Float64Array(n)
  reduce(v, values, e, n)
  const vectors = new Float64Array(n * n)
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) vectors[j * n + i] = v[i * n + j]!
  diagonalise(vectors, values, e, n)
  return { values, vectors }
}
