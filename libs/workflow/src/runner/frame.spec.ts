import { describe, expect, test } from '@jest/globals'
import { decodeFrame, encodeFrame } from './frame.ts'

const entry = (id: string): string => JSON.stringify({ id, revision: 1 })

describe('a frame', () => {
  test('carries its entries and forms a chain with the one before', () => {
    const first = encodeFrame([entry('a'), entry('b')], 0)
    const second = encodeFrame([entry('ü')], first.checksum)
    expect(decodeFrame(first.frame, 0).entries.map(({ id }) => id)).toEqual(['a', 'b'])
    expect(decodeFrame(second.frame, first.checksum)).toMatchObject({
      entries: [{ id: 'ü' }],
      checksum: second.checksum,
    })
  })

  test('N1 that has any one bit flipped is found', () => {
    const { frame } = encodeFrame([entry('a')], 7)
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const flipped = Uint8Array.from(frame)
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(() => decodeFrame(flipped, 7)).toThrow(/checksum/)
    }
  })

  test('N1 that is missing or doubled is found', () => {
    const first = encodeFrame([entry('a')], 0)
    const second = encodeFrame([entry('b')], first.checksum)
    const third = encodeFrame([entry('c')], second.checksum)
    expect(() => decodeFrame(third.frame, first.checksum)).toThrow(/does not follow/)
    expect(() => decodeFrame(second.frame, second.checksum)).toThrow(/does not follow/)
    expect(() => decodeFrame(new Uint8Array(3))).toThrow(/too short/)
  })
})
