import { describe, expect, test } from '@jest/globals'
import { startLoop } from '@pitcrew/service'
import { eventually, testTelemetry } from '../src/index.ts'

const hour = 3_600_000

describe('a loop', () => {
  test('runs at once, and again when kicked, never twice at a time', async () => {
    const { logger } = testTelemetry()
    let runs = 0
    let inside = 0
    let most = 0
    const run = async () => {
      most = Math.max(most, ++inside)
      await new Promise(setImmediate)
      inside--
      runs++
    }
    const loop = startLoop({ name: 'test', everyMs: hour, logger, run })
    // Three kicks during a run are one more run: it sees all that was there.
    loop.kick()
    loop.kick()
    loop.kick()
    await eventually(() => expect(runs).toBe(2))
    loop.kick()
    await eventually(() => expect(runs).toBe(3))
    await loop.stop()
    loop.kick()
    expect({ runs, most }).toEqual({ runs: 3, most: 1 })
  })

  test('tells of a failed run and goes on', async () => {
    const { logger, lines } = testTelemetry()
    let runs = 0
    const run = async () => {
      if (++runs < 3) throw new Error('down')
    }
    const loop = startLoop({ name: 'polling', everyMs: 1, logger, run })
    await eventually(() => expect(runs).toBeGreaterThan(3))
    await loop.stop()
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(2)
    expect(lines[0]).toMatchObject({ message: 'polling failed and is tried again', code: 'INTERNAL', reason: 'down' })
  })

  test('stops after the run that is under way and the one that it was kicked for, and tells them', async () => {
    const { logger } = testTelemetry()
    const gate = Promise.withResolvers<void>()
    const told: boolean[] = []
    const run = async (stopping: AbortSignal) => {
      await gate.promise
      told.push(stopping.aborted)
    }
    const loop = startLoop({ name: 'test', everyMs: 1, logger, run })
    loop.kick()
    const stopped = loop.stop()
    gate.resolve()
    await stopped
    expect(told).toEqual([true, true])
  })
})
