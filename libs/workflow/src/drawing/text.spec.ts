import { describe, expect, test } from '@jest/globals'
import { allNodes, type Definition } from '../definition/definition.ts'
import { plainLifecycle } from '../definition/lifecycle.ts'
import { Random } from '../testing/random.ts'
import { anyDefinition } from './any-definition.ts'
import { expressionText } from './expression-text.ts'
import { definitionJson, readDefinition } from './json.ts'
import { mermaidGraph, mermaidLifecycle } from './mermaid.ts'

const definition: Definition = {
  name: 'two-steps',
  version: 3,
  lifecycle: plainLifecycle,
  graph: {
    nodes: [
      { id: 'look-up', after: [], kind: 'value', value: 1 },
      { id: 'end', after: ['look-up'], kind: 'end', outcome: 'done', undo: false, when: { $op: ['not', true] } },
    ],
  },
}

describe('C3 a definition as JSON', () => {
  test('C3 comes back as it was, through the same checks', () => {
    expect(readDefinition(definitionJson(definition))).toEqual(definition)
    const cycle = structuredClone(definition)
    cycle.graph.nodes[0]?.after.push('end')
    expect(() => readDefinition(definitionJson(cycle))).toThrow(/look-up → end → look-up|end → look-up → end/)
    expect(() => readDefinition('{')).toThrow(/no JSON/)
    expect(() => readDefinition('{"name":"x"}')).toThrow(/expected an object with name, version, lifecycle and graph/)
    expect(() => readDefinition('null')).toThrow(/expected an object/)
  })

  test('C3 is the same text however the definition was written', () => {
    const { graph, lifecycle, name, version } = definition
    const [first, second] = graph.nodes
    const other = { version, graph: { nodes: [{ ...first }, { ...second }] }, name, lifecycle } as Definition
    expect(definitionJson(other)).toBe(definitionJson(definition))
    for (let seed = 1; seed <= 50; seed++) {
      const any = anyDefinition(new Random(seed))
      const text = definitionJson(any)
      expect(JSON.parse(text)).toEqual(any)
      expect(definitionJson(JSON.parse(text) as Definition)).toBe(text)
    }
  })
})

describe('C3 a definition as Mermaid', () => {
  test('C3 has a line for each node and each edge, dashed where there is a condition', () => {
    expect(mermaidGraph(definition.graph).split('\n')).toEqual([
      'flowchart TB',
      '  n_look_up[/"look-up"/]',
      '  n_end(["end"])',
      '  n_look_up -.-> n_end',
    ])
  })

  test('C3 closes every group, names every node once and lets no text end a label', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const { graph } = anyDefinition(new Random(seed))
      const lines = mermaidGraph(graph).split('\n')
      expect(lines.filter((line) => /^ +end$/.test(line))).toHaveLength(
        lines.filter((line) => / subgraph /.test(line)).length,
      )
      const drawn = lines.filter((line) => line.includes('"'))
      expect(drawn).toHaveLength([...allNodes(graph)].length)
      for (const line of drawn) expect(line.match(/"/g)).toHaveLength(2)
    }
  })

  test('C3 F3 shows where a running workflow is', () => {
    const lines = mermaidGraph(definition.graph, new Map([['look-up', 'active']])).split('\n')
    expect(lines).toContain('  class n_look_up active')
    expect(lines.filter((line) => line.includes('classDef'))).toHaveLength(4)
  })

  test('C3 M1 draws the phases with retry and failure', () => {
    expect(mermaidLifecycle(plainLifecycle).split('\n')).toEqual([
      'stateDiagram-v2',
      '  [*] --> PENDING',
      '  PENDING --> RUNNING',
      '  PENDING --> COMPLETED',
      '  RUNNING --> COMPLETED',
      '  PENDING --> RETRY',
      '  RUNNING --> RETRY',
      '  RETRY --> FAILED',
      '  FAILED --> RETRY: retried',
      '  COMPLETED --> [*]',
    ])
  })
})

test.each([
  [{ $op: ['lt', { $ref: ['diagnose', 'confidence'] }, 0.25] }, 'diagnose.confidence < 0.25'],
  [
    { $op: ['or', { $op: ['eq', { $carry: ['arrange', 'booking'] }, null] }, true] },
    '(arrange.booking = nothing) or true',
  ],
  [{ $op: ['in', { $attribute: 'kind' }, ['a', 'b']] }, 'kind is one of a, b'],
  [{ $op: ['if', { $input: ['x'] }, 1, 2] }, '1 if x, else 2'],
  [{ $op: ['not', { $index: 'round' }] }, 'not iteration of round'],
  [{ $op: ['length', { $input: [] }] }, 'length of input'],
  [{ plain: 1 }, '{"plain":1}'],
])('C3 says an expression in words: %j', (expression, text) => {
  expect(expressionText(expression)).toBe(text)
})
