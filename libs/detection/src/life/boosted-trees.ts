/** Boosted regression trees as an artefact holds them. A value goes left when it is <= the threshold. */
export interface Tree {
  /** Column that a node asks for; -1 for a leaf. */
  feature: number[]
  threshold: number[]
  left: number[]
  right: number[]
  /** Of a leaf, learning rate included; 0 elsewhere. */
  value: number[]
}

export interface BoostedTrees {
  base: number
  trees: Tree[]
}

export function predictTrees({ base, trees }: BoostedTrees, values: Float64Array): number {
  let sum = base
  for (const { feature, threshold, left, right, value } of trees) {
    let node = 0
    while (feature[node]! >= 0) node = values[feature[node]!]! <= threshold[node]! ? left[node]! : right[node]!
    sum += value[node]!
  }
  return sum
}
