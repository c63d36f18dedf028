/** Columns of features cut into a few bins, so that trees are grown over counts instead of sorted values. */
import type { Rows } from './linear.ts'

export const maxBins = 64

export interface BinnedColumns {
  /** Column-major: the bin of each row. */
  bins: Uint8Array
  /** Per column, the largest value of each bin but the last. */
  edges: Float64Array[]
}

/** Bins of about as many rows each; an edge is the largest value of its bin. */
export function binColumns({ values, width, targets }: Rows): BinnedColumns {
  const count = targets.length
  const bins = new Uint8Array(width * count)
  const edges: Float64Array[] = []
  const column = new Float64Array(count)
  for (let index = 0; index < width; index++) {
    for (let row = 0; row < count; row++) column[row] = values[row * width + index]!
    const sorted = column.slice().sort()
    const cuts = new Set<number>()
    for (let bin = 1; bin < maxBins; bin++) cuts.add(sorted[Math.floor((bin * count) / maxBins)]!)
    cuts.delete(sorted[count - 1]!)
    const own = Float64Array.from(cuts)
    for (let row = 0; row < count; row++) bins[index * count + row] = binOf(own, column[row]!)
    edges.push(own)
  }
  return { bins, edges }
}

function binOf(edges: Float64Array, value: number): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (value <= edges[middle]!) high = middle
    else low = middle + 1
  }
  return low
}
