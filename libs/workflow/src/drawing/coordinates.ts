import { neighbours, type Cell, type Layered } from './layers.ts'

export const gapX = 28
export const gapY = 40

export interface Spot {
  /** Of the centre. */
  x: number
  /** Of the upper edge. */
  top: number
  /** Of the layer's lower edge. */
  bottom: number
}

const passes = 4

/** Places cells: layers below each other, each cell as near to the middle of its neighbours as the others let it. */
export function coordinates({ layers, links }: Layered): Map<string, Spot> {
  const centres = new Map<string, number>()
  for (const layer of layers) for (const [key, x] of apart(layer, new Map())) centres.set(key, x)
  const above = neighbours(links, 'to', 'from')
  const below = neighbours(links, 'from', 'to')
  for (let pass = 0; pass < passes; pass++) {
    const down = pass % 2 === 0
    for (const layer of down ? layers : layers.toReversed()) {
      const wanted = new Map<string, number>()
      for (const { key } of layer) {
        const near = ((down ? above : below).get(key) ?? []).flatMap((one) => centres.get(one) ?? [])
        const own = centres.get(key) ?? 0
        wanted.set(key, near.length > 0 ? near.reduce((sum, x) => sum + x, 0) / near.length : own)
      }
      for (const [key, x] of apart(layer, wanted)) centres.set(key, x)
    }
  }
  return spots(layers, centres)
}

/**
 * Where cells can be with their gaps, near to where they want to be: pushed apart once from the left and once from the right,
 * then the middle of the two. Both keep the gaps, so the middle does.
 */
function apart(layer: readonly Cell[], wanted: ReadonlyMap<string, number>): Map<string, number> {
  const fromLeft: number[] = []
  for (const [i, cell] of layer.entries()) {
    const least = i === 0 ? -Infinity : (fromLeft[i - 1] as number) + distance(layer[i - 1] as Cell, cell)
    fromLeft.push(Math.max(wanted.get(cell.key) ?? 0, least))
  }
  const fromRight: number[] = []
  for (const [i, cell] of [...layer.entries()].reverse()) {
    const next = layer[i + 1]
    const most = next === undefined ? Infinity : (fromRight[i + 1] as number) - distance(cell, next)
    fromRight[i] = Math.min(wanted.get(cell.key) ?? 0, most)
  }
  return new Map(layer.map(({ key }, i) => [key, ((fromLeft[i] as number) + (fromRight[i] as number)) / 2]))
}

const distance = (left: Cell, right: Cell): number => (left.width + right.width) / 2 + gapX

/** Moves all so that nothing is left of 0. */
function spots(layers: readonly Cell[][], centres: ReadonlyMap<string, number>): Map<string, Spot> {
  const lefts = layers.flat().map(({ key, width }) => (centres.get(key) ?? 0) - width / 2)
  const left = Math.min(0, ...lefts) === 0 && lefts.length === 0 ? 0 : Math.min(...lefts)
  const placed = new Map<string, Spot>()
  let top = 0
  for (const layer of layers) {
    const bottom = top + Math.max(0, ...layer.map(({ height }) => height))
    for (const { key } of layer) placed.set(key, { x: (centres.get(key) ?? 0) - left, top, bottom })
    top = bottom + gapY
  }
  return placed
}
