/** C3: a definition as SVG: phases as colours, a legend, and if wanted where a running workflow is. */
import type { Definition, Node } from '../definition/definition.ts'
import {
  header,
  layoutOf,
  nodesById,
  short,
  textWidth,
  type Box,
  type Edge,
  type Layout,
  type Panel,
} from './layout.ts'
import { captionedGraphs, details, subtitle } from './node-text.ts'
import type { NodeStanding, Overlay } from './overlay.ts'
import { phasesOf } from './phases.ts'
import { curve, kindNames, n, outline } from './shapes.ts'
import { style, type Theme } from './style.ts'

export interface SvgOptions {
  /** Where a workflow is: see `overlayOf`. */
  overlay?: Overlay
  /** `auto`, the default, follows the reader's setting. */
  theme?: Theme
}

const margin = 20
const legendRow = 22

export function svgOf(definition: Definition, { overlay, theme = 'auto' }: SvgOptions = {}): string {
  const layout = layoutOf(definition)
  const nodes = nodesById(definition.graph)
  const phases = phasesOf(definition)
  const used = Object.keys(definition.lifecycle.next).filter((phase) => new Set(phases.values()).has(phase))
  const colour = (id: string) => `p${used.indexOf(phases.get(id) ?? '') % colours}`
  const width = Math.max(layout.width, 320) + 2 * margin
  const title = `${definition.name} version ${definition.version}`
  const legend = legendOf(layout, used, overlay, width - 2 * margin)
  const top = margin + header + legend.height
  const body = [
    ...layout.boxes.filter((box) => isGroup(box, nodes)).map((box) => groupOf(box, nodes, colour, overlay)),
    ...layout.panels.map(panelOf),
    ...layout.edges.map(edgeOf),
    ...layout.boxes.filter((box) => !isGroup(box, nodes)).map((box) => leafOf(box, nodes, colour, overlay)),
  ]
  const height = top + layout.height + margin
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="workflow ${theme}" role="img" width="${n(width)}" height="${n(height)}" viewBox="0 0 ${n(width)} ${n(height)}">`,
    `<title>${xml(title)}</title>`,
    `<style>${style(theme, Math.min(used.length, colours))}</style>`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0L8 4L0 8z"/></marker></defs>',
    `<rect class="ground" width="100%" height="100%"/>`,
    text(margin, margin + 14, title, 'name'),
    `<g transform="translate(${margin} ${margin + header})">${legend.lines.join('')}</g>`,
    `<g transform="translate(${n((width - layout.width) / 2)} ${n(top)})">`,
    ...body,
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

/** How many phases are told apart by colour; from then on they repeat. */
const colours = 12

const isGroup = ({ id }: Box, nodes: ReadonlyMap<string, Node>): boolean =>
  captionedGraphs(nodes.get(id) as Node).length > 0

type Colour = (id: string) => string

function groupOf(box: Box, nodes: ReadonlyMap<string, Node>, colour: Colour, overlay?: Overlay): string {
  const node = nodes.get(box.id) as Node
  return wrapped(node, `group ${colour(box.id)}`, overlay, [
    `<path class="outline" d="${outline(box)}"/>`,
    text(box.x + 14, box.y + 19, `${node.id}: ${subtitle(node)}`, 'name'),
    mark(box, overlay?.get(box.id)),
  ])
}

function leafOf(box: Box, nodes: ReadonlyMap<string, Node>, colour: Colour, overlay?: Overlay): string {
  const node = nodes.get(box.id) as Node
  const [middle, below] = [box.x + box.width / 2, short(subtitle(node))]
  const line = box.y + (below === '' ? box.height / 2 + 4.5 : 20)
  return wrapped(node, `leaf ${node.kind} ${colour(box.id)}${node.when === undefined ? '' : ' conditional'}`, overlay, [
    `<path class="outline" d="${outline(box)}"/>`,
    text(middle, line, short(node.id), 'name middle'),
    below === '' ? '' : text(middle, line + 16, below, 'small middle'),
    mark(box, overlay?.get(box.id)),
  ])
}

function wrapped(node: Node, classes: string, overlay: Overlay | undefined, parts: string[]): string {
  const standing = overlay === undefined ? '' : ` ${overlay.get(node.id) ?? 'ahead'}`
  return `<g class="${classes}${standing}"><title>${xml(details(node).join('\n'))}</title>${parts.join('')}</g>`
}

/** So that standings can be told apart without colours. */
function mark({ x, y, width }: Box, standing: NodeStanding | undefined): string {
  const marks: Record<NodeStanding, string> = { ended: '✓', active: '▶', failed: '✗', skipped: '–' }
  return standing ? text(x + width - 6, y + 13, marks[standing], 'mark') : ''
}

const panelOf = ({ x, y, width, height, caption }: Panel): string =>
  `<rect class="panel" x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="6"/>` +
  text(x + width / 2, y + 18, caption, 'small middle')

const edgeOf = ({ points, conditional }: Edge): string =>
  `<path class="edge${conditional ? ' conditional' : ''}" marker-end="url(#arrow)" d="${curve(points)}"/>`

interface Legend {
  lines: string[]
  height: number
}

/** Phases, shapes and standings that the drawing uses, in as many rows as it takes. */
function legendOf(layout: Layout, phases: readonly string[], overlay: Overlay | undefined, width: number): Legend {
  const kinds = [...new Set(layout.boxes.map(({ kind }) => kind))]
  const entries: { classes: string; kind: Node['kind']; label: string }[] = [
    ...phases.map((phase, i) => ({ classes: `p${i % colours}`, kind: 'task' as const, label: phase })),
    ...kinds.map((kind) => ({ classes: 'plain', kind, label: kindNames[kind] })),
    ...(layout.edges.some(({ conditional }) => conditional)
      ? [{ classes: 'plain conditional', kind: 'task' as const, label: 'under a condition' }]
      : []),
    ...(overlay ? (['ended', 'active', 'failed', 'skipped'] as const) : []).map((standing) => ({
      classes: `plain ${standing}`,
      kind: 'task' as const,
      label: standing,
    })),
  ]
  let [x, y] = [0, 0]
  const lines = entries.map(({ classes, kind, label }) => {
    const wide = 34 + textWidth(label, 11) + 16
    if (x > 0 && x + wide > width) [x, y] = [0, y + legendRow]
    const box = { id: '', kind, x, y, width: 28, height: 14 }
    const line = `<g class="leaf ${classes}"><path class="outline" d="${outline(box)}"/>${text(x + 34, y + 11, label, 'small')}</g>`
    x += wide
    return line
  })
  return { lines, height: lines.length === 0 ? 0 : y + legendRow + 8 }
}

const text = (x: number, y: number, content: string, classes: string): string =>
  `<text class="${classes}" x="${n(x)}" y="${n(y)}">${xml(content)}</text>`

/** XML 1.0 knows no way to write control characters but tab and line ends. */
export const xml = (content: string): string =>
  content
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .toWellFormed()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
