import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from '@jest/globals'
import { cpuSecondsOf, machineCpuSeconds, memoryOf, parseMachineStat, parseStat, requireProc } from './process-tree.ts'

describe('L14 what a process tree takes', () => {
  test('a name with brackets and spaces does not shift the fields', () => {
    const times = '150 50 30 20'
    const stat = `42 (a) b) S 7 42 42 0 -1 4194304 1 0 0 0 ${times} 20 0 1 0 99 1000 2000`
    expect(parseStat(stat)).toEqual({ parent: 7, cpuSeconds: 2.5 })
  })

  test('waiting for the disk and being idle are no work of the machine', () => {
    expect(parseMachineStat('cpu  100 20 30 9000 8000 4 6 40 5 5\ncpu0 1 2 3 4\n')).toBe(2)
    expect(machineCpuSeconds()).toBeGreaterThan(cpuSecondsOf([process.pid]))
  })

  test('children and their children count', async () => {
    const spin = 'while (process.cpuUsage().user < 300_000);'
    const script = `
      require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(`${spin} console.log('spun'); setInterval(() => {}, 1e6)`)}], { stdio: 'inherit' })
      process.on('SIGTERM', () => process.kill(0, 'SIGKILL'))`
    const child = spawn(process.execPath, ['-e', script], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      await once(child.stdout, 'data')
      const roots = [child.pid!]
      expect(cpuSecondsOf(roots)).toBeGreaterThanOrEqual(0.3)
      // Two Nodes.
      expect(memoryOf(roots)).toBeGreaterThan(20 * 1024 ** 2)
    } finally {
      process.kill(-child.pid!, 'SIGKILL')
      await once(child, 'exit')
    }
    expect(cpuSecondsOf([child.pid!])).toBe(0)
  })

  test('other systems are refused in plain words', () => {
    expect(() => requireProc('darwin')).toThrow(expect.objectContaining({ code: 'BENCH_NEEDS_LINUX' }))
  })
})
