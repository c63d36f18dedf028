/**
 * C3: where everything of a definition goes in a drawing. Plain JSON, so that another program can draw it too.
 *
 * Invariants
 *  L1 No two boxes overlap, but for a box that holds another: that one lies inside with all of its area.
 *  L2 A node lies below every node in its `after`.
 */
import type { Definition, Graph, Node } from '../definition/definition.ts'
import { coordinates } from './coordinates.ts'
import { layered, type Size } from './layers.ts'
import { captionedGraphs, subtitle } from './node-text.ts'

/** A node; x and y of its upper left corner, pixels. */
export interface Box extends Size {
  id: string
  kind: Node['kind']
  x: number
  y: number
  /** Of the node that holds it. */
  holder?: string
}

/** A graph inside of a node that holds several. */
export interface Panel extends Size {
  holder: string
  caption: string
  x: number
  y: number
}

export interface Edge {
  from: string
  to: string
  /** Runs only under a condition. */
  conditional: boolean
  /** From the lower edge of one box by its bends to the upper edge of the other. */
  points: [x: number, y: number][]
}

export interface Layout extends Size {
  boxes: Box[]
  panels: Panel[]
  edges: Edge[]
}

/** Of a group: the line with its name, and what is left free inside. */
export const header = 30
const padding = 14
const panelGap = 16
const leafHeight = { one: 32, two: 46 }

export function layoutOf({ graph }: Pick<Definition, 'graph'>): Layout {
  return place(graph)
}

/** Of a proportional font, on the wide side: capitals take more room than the rest. */
export function textWidth(text: string, fontSize: number): number {
  let ems = 0
  for (const letter of text) ems += letter >= 'A' && letter <= 'Z' ? 0.74 : 0.6
  return Math.ceil(ems * fontSize)
}

function place(graph: Graph): Layout {
  const inner = new Map(graph.nodes.map((node) => [node.id, inside(node)]))
  const found = layered(graph, new Map([...inner].map(([id, { width, height }]) => [id, { width, height }])))
  const spots = coordinates(found)
  const layout: Layout = { width: 0, height: 0, boxes: [], panels: [], edges: [] }
  for (const node of graph.nodes) {
    const own = inner.get(node.id) as Layout
    const spot = spots.get(node.id) as { x: number; top: number }
    const [x, y] = [spot.x - own.width / 2, spot.top]
    layout.boxes.push({ id: node.id, kind: node.kind, x, y, width: own.width, height: own.height })
    add(layout, own, x, y)
    layout.width = Math.max(layout.width, x + own.width)
    layout.height = Math.max(layout.height, y + own.height)
  }
  const heights = new Map([...inner].map(([id, { height }]) => [id, height]))
  const conditional = new Set(graph.nodes.filter(({ when }) => when !== undefined).map(({ id }) => id))
  for (const { from, to, bends } of found.edges) {
    const [first, last] = [spots.get(from), spots.get(to)]
    if (!first || !last) continue
    const points: Edge['points'] = [[first.x, first.top + (heights.get(from) ?? 0)]]
    for (const bend of bends) {
      const spot = spots.get(bend)
      if (spot) points.push([spot.x, spot.top], [spot.x, spot.bottom])
    }
    points.push([last.x, last.top])
    for (const [x] of points) layout.width = Math.max(layout.width, x)
    layout.edges.push({ from, to, conditional: conditional.has(to), points })
  }
  return layout
}

/** The size of a node, and what is in it, from its own upper left corner. */
function inside(node: Node): Layout {
  const graphs = captionedGraphs(node)
  const title = `${node.id}: ${subtitle(node)}`
  if (graphs.length === 0) return leaf(node)
  const panels = graphs.map(({ caption, graph }) => ({ caption, layout: place(graph) }))
  const group: Layout = { width: 0, height: 0, boxes: [], panels: [], edges: [] }
  const several = panels.length > 1 || panels[0]?.caption !== ''
  const tall = Math.max(...panels.map(({ layout }) => layout.height))
  let x = padding
  for (const { caption, layout } of panels) {
    const width = Math.max(layout.width, textWidth(short(caption), 11)) + (several ? 2 * padding : 0)
    const height = tall + (several ? header + padding : 0)
    if (several) group.panels.push({ holder: node.id, caption: short(caption), x, y: header, width, height })
    add(group, layout, x + (width - layout.width) / 2, header + (several ? header : 0))
    x += width + panelGap
  }
  for (const box of group.boxes) box.holder ??= node.id
  group.width = Math.max(x - panelGap + padding, textWidth(title, 13) + 2 * padding)
  group.height = header + tall + (several ? header + padding : 0) + padding
  return group
}

function leaf(node: Node): Layout {
  const below = short(subtitle(node))
  const width = Math.max(80, textWidth(short(node.id), 13), textWidth(below, 11)) + 2 * padding
  return { width, height: below === '' ? leafHeight.one : leafHeight.two, boxes: [], panels: [], edges: [] }
}

function add(into: Layout, { boxes, panels, edges }: Layout, dx: number, dy: number): void {
  into.boxes.push(...boxes.map((box) => ({ ...box, x: box.x + dx, y: box.y + dy })))
  into.panels.push(...panels.map((panel) => ({ ...panel, x: panel.x + dx, y: panel.y + dy })))
  into.edges.push(
    ...edges.map((edge) => ({ ...edge, points: edge.points.map(([x, y]): [number, number] => [x + dx, y + dy]) })),
  )
}

const longest = 44

/** Longer texts are cut in the drawing; the whole stands in the details. */
export const short = (text: string): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text)

/** By id, with those that were made at run time. */
export function nodesById(graph: Graph, found = new Map<string, Node>()): Map<string, Node> {
  for (const node of graph.nodes) {
    found.set(node.id, node)
    for (const inner of captionedGraphs(node)) nodesById(inner.graph, found)
  }
  return found
}
