/** Dense least squares, small enough to solve by Cholesky. */
import { Terminal } from '@pitcrew/errors'

/** Solves A x = b in place for a symmetric positive definite A (row-major, n by n). Throws Terminal NOT_POSITIVE_DEFINITE. */
export function solve(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = a[row * n + column]!
      for (let k = 0; k < column; k++) sum -= a[row * n + k]! * a[column * n + k]!
      if (row !== column) a[row * n + column] = sum / a[column * n + column]!
      else if (sum > 0) a[row * n + row] = Math.sqrt(sum)
      else throw new Terminal('NOT_POSITIVE_DEFINITE', `pivot ${row} is ${sum}: expected a positive one`)
    }
  }
  for (let row = 0; row < n; row++) {
    for (let k = 0; k < row; k++) b[row]! -= a[row * n + k]! * b[k]!
    b[row]! /= a[row * n + row]!
  }
  for (let row = n - 1; row >= 0; row--) {
    for (let k = row + 1; k < n; k++) b[row]! -= a[k * n + row]! * b[k]!
    b[row]! /= a[row * n + row]!
  }
  return b
}

export interface Ridge {
  intercept: number
  weights: number[]
}

export interface Rows {
  /** Row-major, `width` values per row. */
  values: Float64Array
  width: number
  targets: Float64Array
  /** One per row; not all zero. */
  weights: Float64Array
}

/** Weighted ridge; columns are expected at a comparable scale. `penalty` is per unit of total weight. */
export function fitRidge({ values, width, targets, weights }: Rows, penalty: number): Ridge {
  const count = targets.length
  const means = new Float64Array(width)
  let total = 0
  let mean = 0
  for (let row = 0; row < count; row++) {
    const weight = weights[row]!
    total += weight
    mean += weight * targets[row]!
    for (let column = 0; column < width; column++) means[column]! += weight * values[row * width + column]!
  }
  mean /= total
  for (let column = 0; column < width; column++) means[column]! /= total
  const gram = new Float64Array(width * width)
  const moment = new Float64Array(width)
  const centred = new Float64Array(width)
  for (let row = 0; row < count; row++) {
    const weight = weights[row]!
    if (weight === 0) continue
    for (let column = 0; column < width; column++) centred[column] = values[row * width + column]! - means[column]!
    const residual = weight * (targets[row]! - mean)
    for (let column = 0; column < width; column++) {
      const scaled = weight * centred[column]!
      moment[column]! += residual * centred[column]!
      for (let other = 0; other <= column; other++) gram[column * width + other]! += scaled * centred[other]!
    }
  }
  for (let column = 0; column < width; column++) gram[column * width + column]! += penalty * total
  const solution = solve(gram, moment)
  let intercept = mean
  for (let column = 0; column < width; column++) intercept -= solution[column]! * means[column]!
  return { intercept, weights: [...solution] }
}
