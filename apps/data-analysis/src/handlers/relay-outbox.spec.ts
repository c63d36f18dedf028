import { describe, expect, test } from '@jest/globals'
import { Retryable } from '@pitcrew/errors'
import { createTelemetry } from '@pitcrew/observability'
import { eventually } from '@pitcrew/testing'
import type { Outbox, PendingEvent } from './ports.ts'
import { relayOutbox } from './relay-outbox.ts'

const telemetry = createTelemetry({ service: 'data-analysis', instance: 'test', write: () => {} })

function entry(position: number, key: string, partition: number): PendingEvent & { partition: number } {
  return { position, key, partition, event: 'alertRaised', id: `alert-${position}:1`, content: {}, trace: {} }
}

function memoryOutbox(entries: (PendingEvent & { partition: number })[]): Outbox & { left(): number[] } {
  let rows = entries
  return {
    pending: async (partitions, limit) => rows.filter((row) => partitions.includes(row.partition)).slice(0, limit),
    done: async (positions) => void (rows = rows.filter(({ position }) => !positions.includes(position))),
    left: () => rows.map(({ position }) => position),
  }
}

describe('outbox', () => {
  test('N1 an event leaves after the broker has it, those of a vehicle in order, those of other holders not at all', async () => {
    const outbox = memoryOutbox([entry(1, 'v1', 3), entry(2, 'v2', 3), entry(3, 'v1', 3), entry(4, 'v9', 9)])
    const published: string[] = []
    let away = true
    const publish = async (_event: unknown, key: string | string[], _message: unknown, options?: { id?: string }) => {
      if (key === 'v1' && away) throw new Retryable('BROKER_UNAVAILABLE', 'away')
      published.push(options?.id ?? '')
      return { sequence: 1, duplicate: false }
    }
    const relay = relayOutbox({ outbox, messaging: { publish }, telemetry, partitions: () => [3], everyMs: 5 })
    relay.wake()
    await eventually(() => expect(outbox.left()).toEqual([1, 3, 4]))
    away = false
    await eventually(() => expect(outbox.left()).toEqual([4]))
    expect(published).toEqual(['alert-2:1', 'alert-1:1', 'alert-3:1'])
    await relay.stop()
  })
})
