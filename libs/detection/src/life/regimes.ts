/**
 * Operating regimes: where equipment is run at a few distinct settings, what a signal means depends on them. Settings are
 * clustered, and every signal is told in standard deviations from its mean in the regime of the moment.
 *
 * 1. Settings that do not fall into distinct clusters are one regime: a continuous setting is not cut into pieces.
 * 2. A normalised value is finite and within `limit`, whatever was read; an unknown one is NaN.
 */
export interface Regimes {
  /** Names of the settings, and what each is divided by before distances are taken. */
  settings: string[]
  spreads: number[]
  /** One per regime, in divided settings. */
  centres: number[][]
}

export interface Normal {
  mean: number
  spread: number
}

const limit = 10
const mostRegimes = 8
/** Share of the spread that may be left inside regimes for them to be distinct. */
const distinct = 0.01

/** `points` holds one reading of all `settings` each. */
export function findRegimes(settings: readonly string[], points: readonly number[][]): Regimes {
  const spreads = settings.map((_, column) => normalOf(points.map((point) => point[column]!)).spread)
  const scaled = points.map((point) => point.map((value, column) => value / spreads[column]!))
  const one = centresOf(scaled, 1)
  const whole = inertia(scaled, one)
  for (let count = 2; count <= mostRegimes && whole > 0; count++) {
    const centres = centresOf(scaled, count)
    if (inertia(scaled, centres) <= distinct * whole) return { settings: [...settings], spreads, centres }
  }
  return { settings: [...settings], spreads, centres: one }
}

/** The nearest one; `last` when a setting is missing. */
export function regimeOf(
  { settings, spreads, centres }: Regimes,
  values: Record<string, number>,
  last: number,
): number {
  if (centres.length === 1) return 0
  const point = settings.map((name, column) => (values[name] ?? NaN) / spreads[column]!)
  return point.every(Number.isFinite) ? nearest(centres, point).index : last
}

/** Mean and standard deviation of the finite ones; a spread of 1 when they do not differ. */
export function normalOf(values: readonly number[]): Normal {
  const known = values.filter(Number.isFinite)
  if (known.length === 0) return { mean: 0, spread: 1 }
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  const spread = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length)
  return { mean, spread: spread > 1e-9 * Math.max(1, Math.abs(mean)) ? spread : 1 }
}

export function normalised(value: number | undefined, { mean, spread }: Normal): number {
  if (value === undefined || !Number.isFinite(value)) return NaN
  return Math.min(limit, Math.max(-limit, (value - mean) / spread))
}

/** Lloyd's algorithm from seeds that are each the farthest from those before. */
function centresOf(points: readonly number[][], count: number): number[][] {
  const first = points[0]
  if (first === undefined) return [[]]
  const centres = [[...first]]
  while (centres.length < count) {
    let far = { distance: -1, point: first }
    for (const point of points) {
      const { distance } = nearest(centres, point)
      if (distance > far.distance) far = { distance, point }
    }
    centres.push([...far.point])
  }
  for (let turn = 0; turn < 10; turn++) {
    const sums = centres.map((centre) => ({ count: 0, sum: centre.map(() => 0) }))
    for (const point of points) {
      const own = sums[nearest(centres, point).index]!
      own.count++
      point.forEach((value, column) => (own.sum[column]! += value))
    }
    for (const [index, own] of sums.entries())
      if (own.count > 0) centres[index] = own.sum.map((value) => value / own.count)
  }
  return centres
}

const inertia = (points: readonly number[][], centres: readonly number[][]): number =>
  points.reduce((sum, point) => sum + nearest(centres, point).distance, 0)

function nearest(centres: readonly number[][], point: readonly number[]): { index: number; distance: number } {
  let best = { index: 0, distance: Infinity }
  for (const [index, centre] of centres.entries()) {
    let distance = 0
    for (const [column, value] of centre.entries()) distance += (value - point[column]!) ** 2
    if (distance < best.distance) best = { index, distance }
  }
  return best
}
