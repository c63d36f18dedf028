import { describe, expect, test } from '@jest/globals'
import { partitionOf, stableHash } from './partition.ts'

describe('partitions', () => {
  test('stableHash gives the published FNV-1a vectors, and of other than ASCII the hash of its UTF-8', () => {
    expect(stableHash('')).toBe(0x811c9dc5)
    expect(stableHash('a')).toBe(0xe40c292c)
    expect(stableHash('foobar')).toBe(0xbf9cf968)
    expect(stableHash('é')).toBe(
      [0xc3, 0xa9].reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5) >>> 0,
    )
  })

  test('keys spread over all partitions, and none falls outside', () => {
    const counts = new Array<number>(16).fill(0)
    for (let i = 0; i < 16_000; i++) counts[partitionOf(`vehicle-${i}`, 16)]!++
    expect(counts).toHaveLength(16)
    expect(Math.min(...counts)).toBeGreaterThan(700)
  })
})
