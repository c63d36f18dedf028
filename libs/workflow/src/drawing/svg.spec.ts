import { describe, expect, test } from '@jest/globals'
import { allNodes, type Graph, type Node } from '../definition/definition.ts'
import { Random } from '../testing/random.ts'
import { anyDefinition } from './any-definition.ts'
import { crossings, layered, neighbours } from './layers.ts'
import { layoutOf, type Box, type Layout } from './layout.ts'
import { mermaidGraph } from './mermaid.ts'
import { overlayOf, withGenerated } from './overlay.ts'
import { svgOf, xml } from './svg.ts'

const seeds = Array.from({ length: 150 }, (_, i) => i + 1)

interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

const overlap = (a: Rectangle, b: Rectangle): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
const holds = (outer: Rectangle, inner: Rectangle): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height

/** Boxes that overlap though neither holds the other. */
function collisions({ boxes }: Layout): string[] {
  const holders = new Map(boxes.map((box) => [box.id, box.holder]))
  const within = (id: string | undefined, holder: string): boolean =>
    id !== undefined && (id === holder || within(holders.get(id), holder))
  const found: string[] = []
  for (const [i, a] of boxes.entries()) {
    for (const b of boxes.slice(i + 1)) {
      if (overlap(a, b) && !within(a.id, b.id) && !within(b.id, a.id)) found.push(`${a.id} and ${b.id}`)
    }
  }
  return found
}

describe('C3 the layout of a drawing', () => {
  test('C3 L1 no two boxes overlap, and what a node holds lies inside of it, for definitions of any shape', () => {
    for (const seed of seeds) {
      const definition = anyDefinition(new Random(seed))
      const layout = layoutOf(definition)
      expect(layout.boxes.map(({ id }) => id).sort()).toEqual(
        [...allNodes(definition.graph)].map(({ id }) => id).sort(),
      )
      expect(collisions(layout)).toEqual([])
      const boxes = new Map(layout.boxes.map((box) => [box.id, box]))
      const outside = layout.boxes.filter(({ holder, ...box }) => holder && !holds(boxes.get(holder) as Box, box))
      expect(outside).toEqual([])
      expect(layout.panels.filter((panel) => !holds(boxes.get(panel.holder) as Box, panel))).toEqual([])
      const all = { x: 0, y: 0, width: layout.width, height: layout.height }
      expect(layout.boxes.filter((box) => !holds(all, box))).toEqual([])
    }
  })

  test('C3 L2 a node lies below all that it comes after, and an edge runs from one to the other', () => {
    for (const seed of seeds) {
      const layout = layoutOf(anyDefinition(new Random(seed)))
      const boxes = new Map(layout.boxes.map((box) => [box.id, box]))
      for (const { from, to, points } of layout.edges) {
        const [upper, lower] = [boxes.get(from) as Box, boxes.get(to) as Box]
        expect(upper.y + upper.height).toBeLessThan(lower.y)
        expect(points[0]?.[1]).toBeCloseTo(upper.y + upper.height)
        expect(points.at(-1)?.[1]).toBeCloseTo(lower.y)
        const ys = points.map(([, y]) => y)
        expect(ys).toEqual(ys.toSorted((a, b) => a - b))
      }
    }
  })

  test('C3 untangles what can be drawn without crossings', () => {
    // In the order given, a-y and b-x cross.
    const nodes = [
      ['a', []],
      ['b', []],
      ['x', ['b']],
      ['y', ['a']],
    ].map(([id, after]) => ({ id: id as string, after: after as string[], kind: 'commit' as const }))
    const { layers, links } = layered({ nodes }, new Map())
    expect(crossings(layers, neighbours(links, 'from', 'to'))).toBe(0)
  })
})

describe('C3 a definition as SVG', () => {
  test('C3 is well-formed XML with every node in it, whatever its texts hold', () => {
    for (const seed of seeds.slice(0, 40)) {
      const definition = anyDefinition(new Random(seed))
      definition.name = `<any> & "all" \u0001`
      const svg = svgOf(definition)
      const texts = wellFormed(svg)
      expect(texts).toContain('<any> & "all" \ufffd version 1')
      for (const { id, kind } of allNodes(definition.graph)) {
        expect(texts.some((text) => text.startsWith(`${kind} ${id}`))).toBe(true)
      }
    }
  })

  test('C3 shows phases as colours with a legend, readable on light and on dark ground', () => {
    const definition = anyDefinition(new Random(3))
    definition.graph.nodes.forEach((node, i) => (node.phase = i % 2 === 0 ? 'WORKING' : 'CHECKING'))
    const svg = svgOf(definition)
    expect(wellFormed(svg)).toEqual(expect.arrayContaining(['WORKING', 'CHECKING', 'under a condition']))
    expect(svg).toContain('@media (prefers-color-scheme:dark)')
    expect(svgOf(definition, { theme: 'dark' })).not.toContain('@media')
  })

  test('C3 F3 shows where a running workflow is', () => {
    const definition = anyDefinition(new Random(1))
    const [first, second] = definition.graph.nodes.map(({ id }) => id) as [string, string]
    const overlay = overlayOf({ nodes: { [first]: { is: 'ended' }, [second]: { is: 'waiting', due: null } } })
    const svg = svgOf(definition, { overlay })
    const classOf = (id: string) => new RegExp(`<g class="([^"]*)"><title>\\w+ ${id}\\b`).exec(svg)?.[1]
    expect(classOf(first)).toMatch(/ ended$/)
    expect(classOf(second)).toMatch(/ active$/)
    for (const node of definition.graph.nodes.slice(2)) expect(classOf(node.id)).toMatch(/ ahead$/)
    expect(svgOf(definition)).not.toMatch(/ (ended|ahead)"/)
  })

  test('C3 a node that runs several times at once stands as what asks most for attention', () => {
    const failure = { kind: 'terminal' as const, code: 'X', message: '', retryable: false, details: {} }
    const overlay = overlayOf({
      nodes: {
        each: { is: 'open', index: 1 },
        'each[1].0/call': { is: 'ended' },
        'each[1].1/call': { is: 'failed', attempt: 1, failure },
        'each[1].2/call': { is: 'running', attempt: 1, first: 1, due: 0 },
        'each[1].2/note': { is: 'skipped' },
        'each[1].1/other': { is: 'abandoned', attempt: 1 },
        '~each[1].0/call': { is: 'running', attempt: 1, first: 1, due: 0 },
      },
    })
    expect(Object.fromEntries(overlay)).toEqual({ each: 'active', call: 'failed', note: 'skipped' })
  })

  test('F2 draws a graph that was made at run time inside of the node that runs it', () => {
    const lifecycle = { initial: 'A', completed: 'B', failed: 'F', retry: 'R', next: { A: ['B'], B: [] } }
    const planned: Node = { id: 'planned', after: [], kind: 'generated', graph: { $input: ['plan'] }, priority: 3 }
    const definition = { name: 'plan', version: 1, lifecycle, graph: { nodes: [planned] } }
    const graph: Graph = { nodes: [{ id: 'look', after: [], kind: 'value', value: 1 }] }
    const state = {
      nodes: {
        planned: { is: 'open' as const, index: 1, generated: { graph, result: null } },
        'planned[1]/look': { is: 'waiting' as const, due: null },
      },
    }
    const running = withGenerated(definition, state)
    expect(layoutOf(running).boxes).toMatchObject([{ id: 'planned' }, { id: 'look', holder: 'planned' }])
    expect(svgOf(running, { overlay: overlayOf(state) })).toMatch(/<g class="leaf value p0 active"><title>value look/)
    expect(mermaidGraph(running.graph)).toContain('subgraph n_planned')
    expect(layoutOf(definition).boxes).toHaveLength(1)
    expect(withGenerated(definition, { nodes: {} })).toBe(definition)
  })

  test('C3 writes no character that XML does not know', () => {
    expect(xml('a\u0000b\ud800 <&">\n')).toBe('a\ufffdb\ufffd &lt;&amp;&quot;&gt;\n')
  })
})

/** Reads XML of elements, attributes and text as strictly as the standard asks for those; gives the texts. */
function wellFormed(document: string): string[] {
  const token =
    /<\/([a-zA-Z]+)>|<([a-zA-Z]+)((?: [a-zA-Z:-]+="[^"<&]*(?:&(?:amp|lt|gt|quot);[^"<&]*)*")*)(\/?)>|([^<]+)/y
  const open: string[] = []
  const texts: string[] = []
  while (token.lastIndex < document.length) {
    const at = token.lastIndex
    const match = token.exec(document)
    if (!match) throw new Error(`not well-formed at: ${document.slice(at, at + 60)}`)
    const [, closing, opening, attributes = '', empty, text] = match
    if (closing !== undefined && open.pop() !== closing) throw new Error(`</${closing}> closes nothing`)
    if (opening !== undefined) {
      const names = [...attributes.matchAll(/ ([a-zA-Z:-]+)=/g)].map(([, name]) => name)
      if (new Set(names).size !== names.length) throw new Error(`doubled attribute in <${opening}${attributes}>`)
      if (empty === '') open.push(opening)
    }
    if (text !== undefined) {
      if (/&(?!(amp|lt|gt|quot);)|]]>/.test(text)) throw new Error(`unescaped text: ${text}`)
      texts.push(unescape(text))
    }
  }
  expect(open).toEqual([])
  return texts
}

const unescape = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
