import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import { eventually } from '@pitcrew/testing'
import { tree } from '../src/bench/process-tree.ts'
import { mainFile, root } from '../src/platform/checkout.ts'
import { startOf } from '../src/platform/process-identity.ts'
import { pitcrew } from './command-line.ts'

interface Report {
  name: string
  protocol: Record<string, unknown>
  metrics: Record<string, number>
  targets: Record<string, { cmp: string; want: number }>
  met: boolean
}

const lastLine = (text: string): Report => JSON.parse(text.trim().split('\n').at(-1)!) as Report

async function bench(...args: string[]): Promise<{ report: Report; code: number | null }> {
  const { code, stdout, stderr } = await pitcrew(['bench', 'engine', ...args, '--json'])
  if (!stdout.startsWith('{')) throw new Error(`there is no report; it said: ${stderr}`)
  return { report: lastLine(stdout), code }
}

describe('L14 F10 ./pitcrew bench engine', () => {
  test('measures Pitcrew in process and through agents, and ends in one line of JSON', async () => {
    const { report, code } = await bench('--quick', '--cells', 'chain-3.c32,fan-out-10.c32', '--partitions', '1')
    expect(code).toBe(0)
    expect(report).toMatchObject({ name: 'engine', targets: {}, met: true })
    expect(report.protocol).toMatchObject({ partitions: 1, rounds: 1, machine: { cores: expect.any(Number) } })
    for (const engine of ['pitcrew', 'pitcrew-agents']) {
      for (const cell of ['chain-3.c32', 'fan-out-10.c32']) {
        expect(report.metrics[`${engine}.${cell}.workflowsPerSecond`]).toBeGreaterThan(10)
        expect(report.metrics[`${engine}.${cell}.p99Ms`]).toBeGreaterThanOrEqual(
          report.metrics[`${engine}.${cell}.p50Ms`]!,
        )
        expect(report.metrics[`${engine}.${cell}.cpuMsPerWorkflow`]).toBeGreaterThan(0)
        // An orchestrator in Node and a nats-server.
        expect(report.metrics[`${engine}.${cell}.memoryMiB`]).toBeGreaterThan(40)
      }
    }
  }, 60_000)

  test('parks workflows, kills the orchestrator and sees them go on', async () => {
    const { report, code } = await bench('--parked', '500', '--partitions', '1')
    expect(Object.keys(report.targets)).toEqual(['parked.bytesPerWorkflow', 'parked.restartToProgressMs'])
    expect(code).toBe(report.met ? 0 : 1)
    expect(report.metrics).toMatchObject({ 'parked.workflows': 500 })
    expect(report.metrics['parked.restartToProgressMs']).toBeGreaterThan(0)
    expect(report.metrics['parked.restartToAllMs']).toBeGreaterThanOrEqual(
      report.metrics['parked.restartToProgressMs']!,
    )
  }, 60_000)

  test('runs several orchestrators on one broker', async () => {
    const { report } = await bench('--scale', '1,2', '--quick')
    expect(report.metrics['scale.1.workflowsPerSecond']).toBeGreaterThan(10)
    expect(report.metrics['scale.2.workflowsPerSecond']).toBeGreaterThan(10)
  }, 60_000)

  test('leaves nothing behind, also when it is ended', async () => {
    const benchDir = join(root, '.pitcrew/bench')
    const left = (pid: number): boolean => existsSync(join(benchDir, `run-${pid}`))
    const child = spawn(process.execPath, [mainFile, 'bench', 'engine', '--quick'], {
      // Without what jest itself was started with.
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const pid = child.pid!
    await untilSaid(child.stderr, 'round 1 of 1')
    expect(left(pid)).toBe(true)
    const below = tree([pid]).map((one) => one.pid)
    expect(below.length).toBeGreaterThan(3)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([143, null])
    await eventually(() => expect(below.filter((one) => startOf(one) !== undefined)).toEqual([]), { timeoutMs: 10_000 })
  }, 60_000)
})

function untilSaid(stream: Readable, words: string): Promise<void> {
  let text = ''
  return new Promise((resolve, reject) => {
    stream.on('data', (chunk: Buffer) => void ((text += chunk.toString()).includes(words) && resolve()))
    stream.once('end', () => reject(new Error(`it ended and had said: ${text}`)))
  })
}
