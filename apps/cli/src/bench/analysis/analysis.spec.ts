import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

test('N3 analysis keeps up with 50,000 frames a second on one core, and a vehicle fits into 64 KB', () => {
  // In a process of its own: the realm that tests run in looks globals up many times slower than a service does.
  const script = join(import.meta.dirname, 'measure-once.ts')
  const { metrics } = JSON.parse(execFileSync(process.execPath, [script], { encoding: 'utf8' })) as {
    metrics: Record<string, number>
  }
  process.stdout.write(`${Math.round(metrics.framesPerSecondPerCore!)} frames/s\n`)
  expect(metrics.framesPerSecondPerCore).toBeGreaterThan(50_000)
  expect(metrics.stateBytesMax).toBeLessThan(65_536)
  expect(metrics.coresPer10000Vehicles).toBeLessThan(0.2)
})
