import { describe, expect, test } from '@jest/globals'
import type { Graph } from './definition.ts'
import { criticalPath, parallelGroups, topologicalOrder } from './ordering.ts'

/** `b: ['a']` is node b after node a. */
function graph(after: Record<string, string[]>): Graph {
  return { nodes: Object.entries(after).map(([id, before]) => ({ id, after: before, kind: 'value', value: null })) }
}

describe('C3 the order of a graph', () => {
  const diamond = graph({ end: ['left', 'right'], left: ['begin'], right: ['begin'], begin: [] })

  test('respects what comes after what, whatever order the nodes are written in', () => {
    expect(topologicalOrder(diamond)).toEqual(['begin', 'left', 'right', 'end'])
  })

  test('puts side by side what may run side by side', () => {
    expect(parallelGroups(diamond)).toEqual([['begin'], ['left', 'right'], ['end']])
  })

  test('shows the way round a cycle', () => {
    expect(() => parallelGroups(graph({ a: [], b: ['a', 'd'], c: ['b'], d: ['c'] }))).toThrow(/b → c → d → b/)
  })

  test('names a node that is not there', () => {
    expect(() => parallelGroups(graph({ a: ['ghost'] }))).toThrow(/"a" runs after "ghost"/)
  })

  test('finds the chain that decides how long it takes', () => {
    const durations: Record<string, number> = { begin: 1, left: 5, right: 2, end: 1 }
    expect(criticalPath(diamond, ({ id }) => durations[id] ?? 0)).toEqual({
      nodes: ['begin', 'left', 'end'],
      durationMs: 7,
    })
    expect(criticalPath(graph({}), () => 1)).toEqual({ nodes: [], durationMs: 0 })
  })
})
