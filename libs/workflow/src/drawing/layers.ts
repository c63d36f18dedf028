/**
 * A graph in layers (Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures", 1981):
 * every node below those that it comes after, and a bend of its own in each layer that an edge passes, so that edges do not
 * run through boxes.
 */
import type { Graph } from '../definition/definition.ts'
import { parallelGroups } from '../definition/ordering.ts'

export interface Size {
  width: number
  height: number
}

/** A node, or the bend of an edge. */
export interface Cell extends Size {
  key: string
  bend: boolean
}

export interface Layered {
  layers: Cell[][]
  /** Between neighbouring layers, from the upper to the lower. */
  links: { from: string; to: string }[]
  /** Each edge of the graph with the bends that it passes, from above. */
  edges: { from: string; to: string; bends: string[] }[]
}

export function layered(graph: Graph, sizes: ReadonlyMap<string, Size>): Layered {
  const layers: Cell[][] = parallelGroups(graph).map((ids) =>
    ids.map((id) => ({ key: id, bend: false, ...(sizes.get(id) ?? { width: 0, height: 0 }) })),
  )
  const depth = new Map(layers.flatMap((layer, i) => layer.map(({ key }) => [key, i] as const)))
  const links: Layered['links'] = []
  const edges: Layered['edges'] = []
  for (const node of graph.nodes) {
    for (const from of node.after) {
      const bends: string[] = []
      let upper = from
      for (let i = (depth.get(from) ?? 0) + 1; i < (depth.get(node.id) ?? 0); i++) {
        // No id of a node holds a space.
        const key = `${from} ${node.id} ${i}`
        layers[i]?.push({ key, bend: true, width: 0, height: 0 })
        links.push({ from: upper, to: key })
        bends.push(key)
        upper = key
      }
      links.push({ from: upper, to: node.id })
      edges.push({ from, to: node.id, bends })
    }
  }
  return { layers: ordered(layers, links), links, edges }
}

const sweeps = 6

/** Sorts each layer by the mean place of its neighbours, downwards and upwards in turn, and keeps what crosses least. */
function ordered(layers: Cell[][], links: Layered['links']): Cell[][] {
  const above = neighbours(links, 'to', 'from')
  const below = neighbours(links, 'from', 'to')
  let best = layers
  let least = crossings(layers, below)
  let current = layers
  for (let sweep = 0; sweep < sweeps && least > 0; sweep++) {
    const down = sweep % 2 === 0
    current = sweepOnce(current, down ? above : below, down)
    const count = crossings(current, below)
    if (count < least) [best, least] = [current, count]
  }
  return best
}

function sweepOnce(layers: readonly Cell[][], neighbour: Map<string, string[]>, down: boolean): Cell[][] {
  const next = layers.map((layer) => [...layer])
  const indices = [...next.keys()]
  const order = down ? indices : indices.reverse()
  for (const i of order) {
    const beside = placesIn(next[down ? i - 1 : i + 1] ?? [])
    const mean = new Map(
      (next[i] as Cell[]).map(({ key }, own) => {
        const places = (neighbour.get(key) ?? []).flatMap((one) => beside.get(one) ?? [])
        return [key, places.length > 0 ? places.reduce((sum, place) => sum + place, 0) / places.length : own]
      }),
    )
    next[i] = (next[i] as Cell[]).toSorted((a, b) => (mean.get(a.key) ?? 0) - (mean.get(b.key) ?? 0))
  }
  return next
}

/** Pairs of links between neighbouring layers that cross. */
export function crossings(layers: readonly Cell[][], below: ReadonlyMap<string, readonly string[]>): number {
  let count = 0
  for (const [i, layer] of layers.entries()) {
    const places = placesIn(layers[i + 1] ?? [])
    const ends = layer.map(({ key }) => (below.get(key) ?? []).flatMap((one) => places.get(one) ?? []))
    for (const [left, mine] of ends.entries()) {
      for (const others of ends.slice(left + 1)) {
        for (const one of mine) for (const other of others) if (one > other) count++
      }
    }
  }
  return count
}

export function neighbours(links: Layered['links'], of: 'from' | 'to', other: 'from' | 'to'): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const link of links) found.set(link[of], [...(found.get(link[of]) ?? []), link[other]])
  return found
}

const placesIn = (layer: readonly Cell[]): Map<string, number> => new Map(layer.map(({ key }, i) => [key, i]))
