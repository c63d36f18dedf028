import { describe, expect, test } from '@jest/globals'
import { telemetryPartitions } from '@pitcrew/contracts'
import { partitionOf, stableHash } from './partition.ts'

describe('partitions', () => {
  test('N2 stableHash gives the published FNV-1a vectors, in ASCII and in UTF-8', () => {
    expect(stableHash('')).toBe(0x811c9dc5)
    expect(stableHash('a')).toBe(0xe40c292c)
    expect(stableHash('foobar')).toBe(0xbf9cf968)
    expect(stableHash('é')).toBe(stableHash('é'.normalize('NFC')))
  })

  test('N2 vehicles spread over all partitions, and none falls outside', () => {
    const counts = new Array<number>(telemetryPartitions).fill(0)
    for (let i = 0; i < 16_000; i++) {
      const partition = partitionOf(`vehicle-${i}`)
      counts[partition] = counts[partition]! + 1
    }
    expect(counts).toHaveLength(telemetryPartitions)
    expect(Math.min(...counts)).toBeGreaterThan(700)
  })
})
