/**
 * Gradient-boosted regression trees on squared error, grown leaf by leaf over histograms (as LightGBM, Ke et al. 2017).
 *
 * 1. A threshold is the largest value of a bin of the training rows, to seven digits.
 * 2. Every leaf holds at least `minRows` rows; leaf values are shrunk by `penalty` and the learning rate.
 * 3. The same rows, options and random numbers give the same trees.
 */
import { binColumns, maxBins, type BinnedColumns } from './binned-columns.ts'
import type { BoostedTrees, Tree } from './boosted-trees.ts'
import type { Rows } from './linear.ts'
import { shuffled } from './seeded.ts'

export interface BoostingOptions {
  trees: number
  leaves: number
  learningRate: number
  minRows: number
  penalty: number
  /** Shares of columns and rows that each tree sees. */
  columnShare: number
  rowShare: number
}

interface Leaf {
  node: number
  /** Its rows, as a stretch of the order of rows. */
  from: number
  to: number
  /** Histograms: sums by bin, for each column that the tree sees. */
  gradients: Float64Array
  weights: Float64Array
  counts: Float64Array
  split?: Split
}

interface Split {
  gain: number
  column: number
  bin: number
}

export function growTrees(rows: Rows, options: BoostingOptions, random: () => number): BoostedTrees {
  const { width, targets, weights } = rows
  const count = targets.length
  const binned = binColumns(rows)
  let total = 0
  let base = 0
  for (let row = 0; row < count; row++) {
    total += weights[row]!
    base += weights[row]! * targets[row]!
  }
  base /= total
  const residuals = targets.map((target) => target - base)
  const grower = new Grower(binned, rows, residuals, options)
  const trees = Array.from({ length: options.trees }, () => {
    const columns = shuffled(width, random).slice(0, Math.max(1, Math.round(width * options.columnShare)))
    const sample = new Int32Array(count)
    let kept = 0
    for (let row = 0; row < count; row++) if (random() < options.rowShare) sample[kept++] = row
    const tree = grower.grow(
      sample.subarray(0, kept),
      columns.sort((a, b) => a - b),
    )
    grower.subtract(tree)
    return tree
  })
  return { base, trees }
}

class Grower {
  readonly #binned: BinnedColumns
  readonly #rows: Rows
  readonly #residuals: Float64Array
  readonly #options: BoostingOptions

  constructor(binned: BinnedColumns, rows: Rows, residuals: Float64Array, options: BoostingOptions) {
    this.#binned = binned
    this.#rows = rows
    this.#residuals = residuals
    this.#options = options
  }

  grow(order: Int32Array, columns: number[]): Tree {
    const tree: Tree = { feature: [], threshold: [], left: [], right: [], value: [] }
    const leaves = [this.#open(tree, order, 0, order.length, columns)]
    while (leaves.length < this.#options.leaves) {
      let best: Leaf | undefined
      for (const leaf of leaves) if (leaf.split && leaf.split.gain > (best?.split?.gain ?? 1e-9)) best = leaf
      if (best === undefined) break
      leaves.splice(leaves.indexOf(best), 1, ...this.#divide(tree, best, order, columns))
    }
    for (const leaf of leaves) tree.value[leaf.node] = this.#valueOf(leaf)
    return tree
  }

  /** Takes what the tree says off the residuals of all rows. */
  subtract(tree: Tree): void {
    const { values, width } = this.#rows
    for (let row = 0; row < this.#residuals.length; row++) {
      let node = 0
      while (tree.feature[node]! >= 0)
        node =
          values[row * width + tree.feature[node]!]! <= tree.threshold[node]! ? tree.left[node]! : tree.right[node]!
      this.#residuals[row]! -= tree.value[node]!
    }
  }

  #open(tree: Tree, order: Int32Array, from: number, to: number, columns: number[]): Leaf {
    const size = columns.length * maxBins
    const leaf: Leaf = {
      node: addNode(tree),
      from,
      to,
      gradients: new Float64Array(size),
      weights: new Float64Array(size),
      counts: new Float64Array(size),
    }
    this.#fill(leaf, order, columns)
    leaf.split = this.#bestSplit(leaf, columns)
    return leaf
  }

  #fill({ from, to, gradients, weights, counts }: Leaf, order: Int32Array, columns: number[]): void {
    const rowCount = this.#residuals.length
    const { bins } = this.#binned
    const rowWeights = this.#rows.weights
    for (const [place, column] of columns.entries()) {
      const offset = column * rowCount
      const start = place * maxBins
      for (let index = from; index < to; index++) {
        const row = order[index]!
        const slot = start + bins[offset + row]!
        const weight = rowWeights[row]!
        gradients[slot]! += weight * this.#residuals[row]!
        weights[slot]! += weight
        counts[slot]! += 1
      }
    }
  }

  #divide(tree: Tree, leaf: Leaf, order: Int32Array, columns: number[]): [Leaf, Leaf] {
    const { column, bin } = leaf.split!
    const middle = this.#partition(order, leaf, column, bin)
    const smallFirst = middle - leaf.from <= leaf.to - middle
    const bounds = [leaf.from, middle, leaf.to] as const
    const small = smallFirst
      ? this.#open(tree, order, bounds[0], bounds[1], columns)
      : this.#open(tree, order, bounds[1], bounds[2], columns)
    // The sibling is what is left of the parent, whose histograms it takes over.
    for (let slot = 0; slot < small.gradients.length; slot++) {
      leaf.gradients[slot]! -= small.gradients[slot]!
      leaf.weights[slot]! -= small.weights[slot]!
      leaf.counts[slot]! -= small.counts[slot]!
    }
    const large: Leaf = {
      ...leaf,
      node: addNode(tree),
      from: smallFirst ? bounds[1] : bounds[0],
      to: smallFirst ? bounds[2] : bounds[1],
    }
    large.split = this.#bestSplit(large, columns)
    tree.feature[leaf.node] = column
    tree.threshold[leaf.node] = short(this.#binned.edges[column]![bin]!)
    tree.left[leaf.node] = (smallFirst ? small : large).node
    tree.right[leaf.node] = (smallFirst ? large : small).node
    return [small, large]
  }

  #partition(order: Int32Array, { from, to }: Leaf, column: number, bin: number): number {
    const offset = column * this.#residuals.length
    const { bins } = this.#binned
    const right: number[] = []
    let middle = from
    for (let index = from; index < to; index++) {
      const row = order[index]!
      if (bins[offset + row]! <= bin) order[middle++] = row
      else right.push(row)
    }
    order.set(right, middle)
    return middle
  }

  #bestSplit({ gradients, weights, counts }: Leaf, columns: number[]): Split | undefined {
    const { penalty, minRows } = this.#options
    let best: Split | undefined
    for (const [place, column] of columns.entries()) {
      const start = place * maxBins
      let gradient = 0
      let weight = 0
      let count = 0
      for (let slot = start; slot < start + maxBins; slot++) {
        gradient += gradients[slot]!
        weight += weights[slot]!
        count += counts[slot]!
      }
      const whole = (gradient * gradient) / (weight + penalty)
      let leftGradient = 0
      let leftWeight = 0
      let leftCount = 0
      const last = this.#binned.edges[column]!.length
      for (let bin = 0; bin < last; bin++) {
        leftGradient += gradients[start + bin]!
        leftWeight += weights[start + bin]!
        leftCount += counts[start + bin]!
        if (leftCount < minRows) continue
        if (count - leftCount < minRows) break
        const rightGradient = gradient - leftGradient
        const gain =
          (leftGradient * leftGradient) / (leftWeight + penalty) +
          (rightGradient * rightGradient) / (weight - leftWeight + penalty) -
          whole
        if (gain > (best?.gain ?? 0)) best = { gain, column, bin }
      }
    }
    return best
  }

  #valueOf({ gradients, weights }: Leaf): number {
    let gradient = 0
    let weight = 0
    // Any column holds all rows of the leaf.
    for (let slot = 0; slot < maxBins; slot++) {
      gradient += gradients[slot]!
      weight += weights[slot]!
    }
    return short((this.#options.learningRate * gradient) / (weight + this.#options.penalty))
  }
}

function addNode(tree: Tree): number {
  tree.feature.push(-1)
  tree.threshold.push(0)
  tree.left.push(0)
  tree.right.push(0)
  return tree.value.push(0) - 1
}

/** Seven digits: below the noise of any sensor, and a third of the artefact's size. */
const short = (value: number): number => Number(value.toPrecision(7))
