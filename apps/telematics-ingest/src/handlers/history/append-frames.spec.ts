import { describe, expect, test } from '@jest/globals'
import { events, type telemetry } from '@pitcrew/contracts'
import { Retryable } from '@pitcrew/errors'
import type { Delivery } from '@pitcrew/messaging'
import { decodeTable } from '../../domain/history/chunk.ts'
import { AppendFrames } from './append-frames.ts'
import type { HistoryStore, Position } from './ports.ts'

const lease = { partition: 3, epoch: 7 }

const delivery = (sequence: number, vehicleId: string, values: Record<string, number>): Delivery<telemetry.Frame> => ({
  message: {
    vehicleId,
    deviceTimeMs: sequence * 1_000,
    receivedTimeMs: 0,
    readings: Object.entries(values).map(([path, value]) => ({ path, value })),
    dtcs: [],
    hasDtcs: false,
    faults: [],
  },
  type: events.frameReceived,
  key: `3.${vehicleId}`,
  id: String(sequence),
  sequence,
  deliveries: 1,
  time: '',
  headers: { get: () => undefined, keys: () => [] },
  context: {} as Delivery<telemetry.Frame>['context'],
})

/** In memory; `failing` says what becomes of the next write. */
function memory() {
  const held = { position: { sequence: 0, vehicleId: '' } as Position, rows: [] as string[], failing: '' }
  const numbers = new Map<string, number>()
  const store: Pick<HistoryStore, 'position' | 'signals' | 'append'> = {
    position: async () => held.position,
    signals: async (paths) => {
      for (const path of paths) if (!numbers.has(path)) numbers.set(path, numbers.size + 1)
      return numbers
    },
    append: async (_, { from, to }, segments) => {
      if (held.failing === 'before') throw new Retryable('DATABASE_UNAVAILABLE', 'away')
      if (held.position.sequence !== from.sequence) throw new Retryable('HISTORY_MOVED', 'moved')
      held.position = to
      for (const { vehicleId, content } of segments)
        for (const time of decodeTable(content).timesMs) held.rows.push(`${vehicleId} ${time / 1_000}`)
      if (held.failing === 'after') throw new Retryable('DATABASE_UNAVAILABLE', 'the answer was lost')
    },
  }
  return { held, store }
}

function writer(store: ReturnType<typeof memory>['store'], newest: number | undefined = undefined) {
  const counted = { written: 0, repeated: 0 }
  const metrics = {
    written: (frames: number) => void (counted.written += frames),
    repeated: (frames: number) => void (counted.repeated += frames),
  }
  const parts = { lease, store, metrics, newestSequence: async () => newest, now: () => 0 }
  return { frames: new AppendFrames(parts), counted }
}

describe('writing history', () => {
  test('N1 L1 what comes again is written once, also in part and after an answer was lost', async () => {
    const { held, store } = memory()
    const { frames, counted } = writer(store, 9)
    const all = [1, 2, 5, 9].map((sequence) => delivery(sequence, 'a', { 'Vehicle.Speed': sequence }))
    await frames.handle(all.slice(0, 2))
    held.failing = 'after'
    await expect(frames.handle(all.slice(1))).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
    held.failing = 'before'
    await frames.handle(all)
    held.failing = ''
    await frames.handle(all)
    expect(held.rows).toEqual(['a 1', 'a 2', 'a 5', 'a 9'])
    expect(counted).toEqual({ written: 2, repeated: 8 })
  })

  test('N1 a write that failed leaves nothing behind and is made again', async () => {
    const { held, store } = memory()
    const { frames } = writer(store)
    held.failing = 'before'
    const batch = [delivery(4, 'a', { A: 1 }), delivery(6, 'b', { A: 2 })]
    await expect(frames.handle(batch)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
    expect(held).toMatchObject({ rows: [], position: { sequence: 0 } })
    held.failing = ''
    await frames.handle(batch)
    expect(held).toMatchObject({ rows: ['a 4', 'b 6'], position: { sequence: 6, vehicleId: 'b' } })
  })

  test.each([
    ['L8 a stream that was lost and counts from 1 again is written from its beginning', 3, ['a 8', 'a 1', 'a 2']],
    ['L8 and so is one that has not met the vehicle of the last position yet', undefined, ['a 8', 'a 1', 'a 2']],
    ['N1 in the same stream it is a repetition', 8, ['a 8']],
  ])('%s', async (_, newest, rows) => {
    const { held, store } = memory()
    await writer(store).frames.handle([delivery(8, 'a', { A: 1 })])
    await writer(store, newest).frames.handle([delivery(1, 'a', { A: 1 }), delivery(2, 'a', { A: 1 })])
    expect(held.rows).toEqual(rows)
  })

  test('frames without readings move the position and write nothing', async () => {
    const { held, store } = memory()
    await writer(store).frames.handle([delivery(5, 'a', {})])
    expect(held).toMatchObject({ rows: [], position: { sequence: 5 } })
  })
})
