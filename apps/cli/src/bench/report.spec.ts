import { describe, expect, test } from '@jest/globals'
import type { CellSamples } from './compare.ts'
import type { ContenderName, Sample } from './contender.ts'
import { markdownTable, replaceBlock } from '../measure/readme.ts'
import { fullTables, shortTables, terminalText } from './render.ts'
import { reached } from '../measure/report.ts'
import { report, targetsFor } from './report.ts'
import { allCells, cellName } from './workload.ts'

const sample = (perSecond: number, p50Ms: number): Sample => ({
  completed: perSecond * 2,
  elapsedMs: 2_000,
  p50Ms,
  p99Ms: p50Ms * 3,
  cpuSeconds: 1,
  memoryBytes: 64 * 1024 ** 2,
  othersShare: 0.05,
})

function cell(name: string, contender: ContenderName, ...samples: Sample[]): CellSamples {
  return { contender, cell: allCells.find((one) => cellName(one) === name)!, samples }
}

/** Restate halves in the second round, and Pitcrew with it: the machine was slower. */
const comparison = [
  cell('chain-10.c128', 'pitcrew', sample(10_000, 5), sample(5_000, 10), sample(10_000, 5)),
  cell('chain-10.c128', 'restate', sample(500, 100), sample(250, 200), sample(400, 100)),
  cell('chain-10.c1', 'pitcrew', sample(300, 4)),
  cell('chain-10.c1', 'restate', sample(100, 10)),
]

describe('L14 F10 the report of bench engine', () => {
  test('a ratio is taken within a round, a figure is the median over the rounds', () => {
    const { metrics } = report({ comparison }, { protocol: {}, targets: {} })
    expect(metrics).toMatchObject({
      'pitcrew.chain-10.c128.workflowsPerSecond': 10_000,
      'restate.chain-10.c128.workflowsPerSecond': 400,
      'pitcrew/restate.chain-10.c128.workflowsPerSecond': 20,
      'pitcrew/restate.chain-10.c1.p50Ms': 0.4,
      'pitcrew.chain-10.c1.cpuMsPerWorkflow': 1.67,
      'pitcrew.chain-10.c1.memoryMiB': 64,
    })
    expect(Object.keys(metrics).filter((name) => name.startsWith('restate/'))).toEqual([])
  })

  test('is met only when every target of what was asked for was measured and reached', () => {
    const targets = targetsFor({ restate: true, parked: false })
    const without = report({ comparison }, { protocol: {}, targets })
    expect(without.met).toBe(false)
    const agents = cell('chain-10.c128', 'pitcrew-agents', sample(2_000, 5), sample(1_000, 5), sample(2_000, 5))
    expect(report({ comparison: [...comparison, agents] }, { protocol: {}, targets }).met).toBe(true)
    const slower = cell('chain-10.c128', 'pitcrew-agents', sample(1_500, 5), sample(900, 5), sample(1_500, 5))
    expect(report({ comparison: [...comparison, slower] }, { protocol: {}, targets }).met).toBe(false)
    expect(report({}, { protocol: {}, targets: {} }).met).toBe(true)
  })

  test('targets have a direction', () => {
    expect(reached(1_024, { cmp: '<=', want: 1_024 })).toBe(true)
    expect(reached(1_025, { cmp: '<=', want: 1_024 })).toBe(false)
    expect(reached(19.9, { cmp: '>=', want: 20 })).toBe(false)
    expect(reached(undefined, { cmp: '<=', want: 1 })).toBe(false)
    expect(reached(NaN, { cmp: '>=', want: 0 })).toBe(false)
  })

  test('is one line of JSON with name, protocol, metrics, targets and met', () => {
    const parked = {
      workflows: 1_000,
      bytesPerWorkflow: 900.4,
      heapBytesPerWorkflow: 700,
      brokerBytesPerWorkflow: 100,
      startedPerSecond: 20_000,
      restartToProgressMs: 3_000,
      restartToAllMs: 3_200,
    }
    const scale = [{ orchestrators: 2, workflowsPerSecond: 12_345.6, p50Ms: 8.234 }]
    const targets = targetsFor({ restate: false, parked: true })
    const line = JSON.stringify(report({ parked, scale }, { protocol: { node: 'v24' }, targets }))
    expect(line).not.toContain('\n')
    expect(JSON.parse(line)).toEqual({
      name: 'engine',
      protocol: { node: 'v24' },
      metrics: {
        'parked.workflows': 1_000,
        'parked.bytesPerWorkflow': 900,
        'parked.heapBytesPerWorkflow': 700,
        'parked.brokerBytesPerWorkflow': 100,
        'parked.startedPerSecond': 20_000,
        'parked.restartToProgressMs': 3_000,
        'parked.restartToAllMs': 3_200,
        'scale.2.workflowsPerSecond': 12_346,
        'scale.2.p50Ms': 8.23,
      },
      targets: {
        'parked.bytesPerWorkflow': { cmp: '<=', want: 1_024 },
        'parked.restartToProgressMs': { cmp: '<=', want: 5_000 },
      },
      met: true,
    })
  })
})

describe('L14 F10 the tables of bench engine', () => {
  test('the long one has a row for each engine and cell, with the ratio to each peer', () => {
    const [compared] = fullTables({ comparison })
    expect(compared!.head.at(-1)).toBe('x Restate')
    expect(compared!.rows[0]).toEqual([
      'chain-10',
      '128',
      'Pitcrew, in process',
      '10,000',
      '5',
      '15',
      '0.05',
      '64',
      '20',
    ])
    expect(compared!.rows[1]!.at(-1)).toBe('')
  })

  test('the short one has a row for each cell and a column for each engine', () => {
    const [compared] = shortTables({ comparison: comparison.slice(0, 3) })
    expect(compared!.head).toEqual(['workload', 'at once', 'Pitcrew, in process', 'Restate'])
    expect(compared!.rows).toEqual([
      ['chain-10', '128', '10,000 (5 ms)', '400 (100 ms)'],
      ['chain-10', '1', '300 (4 ms)', ''],
    ])
  })

  test('what was not measured has no table, and targets say so', () => {
    const targets = targetsFor({ restate: true, parked: true })
    const text = terminalText({ comparison }, report({ comparison }, { protocol: {}, targets }))
    expect(text).not.toContain('Orchestrators')
    expect(text).toMatch(/pitcrew\/restate\.chain-10\.c128\.workflowsPerSecond +>= 20 +20 +met/)
    expect(text).toMatch(/parked\.bytesPerWorkflow +<= 1,024 +not measured +missed/)
  })

  test('README.md gets the table between the marks, and nothing else of it changes', () => {
    const table = markdownTable({ title: 'T', head: ['a', 'long head'], rows: [['1,000', '2']] })
    expect(table).toBe('T\n\n| a     | long head |\n| ----- | --------- |\n| 1,000 | 2         |')
    const text = 'before\n<!-- bench:engine -->\n\nold\n\n<!-- /bench:engine -->\nbehind <!-- bench:other -->\n'
    const once = replaceBlock(text, 'bench:engine', table)
    expect(once).toBe(
      `before\n<!-- bench:engine -->\n\n${table}\n\n<!-- /bench:engine -->\nbehind <!-- bench:other -->\n`,
    )
    expect(replaceBlock(once, 'bench:engine', table)).toBe(once)
    expect(() => replaceBlock(text, 'bench:other', table)).toThrow(expect.objectContaining({ code: 'NO_MARKS' }))
    expect(() => replaceBlock('nothing', 'bench:engine', table)).toThrow(expect.objectContaining({ code: 'NO_MARKS' }))
  })
})
