import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from '@jest/globals'
import { cpuSecondsOf, memoryOf, parseStat, requireProc } from './process-tree.ts'

describe('L14 what a process tree takes', () => {
  test('a name with brackets and spaces does not shift the fields', () => {
    const times = '150 50 30 20'
    const stat = `42 (a) b) S 7 42 42 0 -1 4194304 1 0 0 0 ${times} 20 0 1 0 99 1000 2000`
    expect(parseStat(stat)).toEqual({ parent: 7, cpuSeconds: 2.5 })
  })

  test('children and their children count', async () => {
    const spin = 'const end = Date.now() + 400; while (Date.now() < end);'
    const script = `
      require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(`${spin} console.log('spun'); setInterval(() => {}, 1e6)`)}], { stdio: 'inherit' })
      process.on('SIGTERM', () => process.kill(0, 'SIGKILL'))`
    const child = spawn(process.execPath, ['-e', script], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      await once(child.stdout, 'data')
      const roots = [child.pid!]
      expect(cpuSecondsOf(roots)).toBeGreaterThan(0.2)
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
