/**
 * Ridge regression on random cosine features: a Gaussian-kernel regression of fixed size (Rahimi and Recht, 2007). Smooth
 * where boosted trees are stepwise, so that the two err differently.
 */
import { fitRidge, type Rows } from './linear.ts'
import { normalOf } from './regimes.ts'
import { normal } from './seeded.ts'

export interface RandomWaves {
  /** Per column of the features. */
  means: number[]
  spreads: number[]
  /** Row-major, one row of columns per wave. */
  directions: number[]
  phases: number[]
  intercept: number
  weights: number[]
}

export interface WaveOptions {
  waves: number
  /** Of the kernel, in standard deviations of a column, per square root of the number of columns. */
  width: number
  penalty: number
}

export function fitWaves(rows: Rows, { waves, width, penalty }: WaveOptions, random: () => number): RandomWaves {
  const columns = rows.width
  const normals = Array.from({ length: columns }, (_, column) => normalOf(columnOf(rows, column)))
  const step = 1 / (width * Math.sqrt(columns))
  const basis = {
    means: normals.map(({ mean }) => mean),
    spreads: normals.map(({ spread }) => spread),
    directions: Array.from({ length: waves * columns }, () => short(step * normal(random))),
    phases: Array.from({ length: waves }, () => short(2 * Math.PI * random())),
  }
  const count = rows.targets.length
  const values = new Float64Array(count * waves)
  for (let row = 0; row < count; row++)
    fill(
      basis,
      rows.values.subarray(row * columns, (row + 1) * columns),
      values.subarray(row * waves, (row + 1) * waves),
    )
  const ridge = fitRidge({ values, width: waves, targets: rows.targets, weights: rows.weights }, penalty)
  return { ...basis, ...ridge }
}

export function predictWaves(model: RandomWaves, features: Float64Array): number {
  const waves = new Float64Array(model.phases.length)
  fill(model, features, waves)
  let sum = model.intercept
  for (let wave = 0; wave < waves.length; wave++) sum += waves[wave]! * model.weights[wave]!
  return sum
}

type Basis = Pick<RandomWaves, 'means' | 'spreads' | 'directions' | 'phases'>

function fill({ means, spreads, directions, phases }: Basis, features: Float64Array, out: Float64Array): void {
  const columns = means.length
  const scaled = new Float64Array(columns)
  for (let column = 0; column < columns; column++)
    scaled[column] = (features[column]! - means[column]!) / spreads[column]!
  for (let wave = 0; wave < phases.length; wave++) {
    let angle = phases[wave]!
    const start = wave * columns
    for (let column = 0; column < columns; column++) angle += directions[start + column]! * scaled[column]!
    out[wave] = Math.cos(angle)
  }
}

function columnOf({ values, width, targets }: Rows, column: number): number[] {
  return Array.from({ length: targets.length }, (_, row) => values[row * width + column]!)
}

/** Five digits are plenty for what is random, and keep the artefact small. */
const short = (value: number): number => Number(value.toPrecision(5))
