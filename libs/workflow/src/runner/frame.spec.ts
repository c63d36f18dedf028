import { describe, expect, test } from '@jest/globals'
import { decodeFrame, encodeEntry, encodeFrame, type View } from './frame.ts'

const view: View = {
  definition: 'greeting',
  status: 'running',
  phase: 'PENDING',
  attributes: { vehicleId: 'V1' },
  progress: 50,
  startedAt: 7,
  active: ['send'],
}
const event = { type: 'resumed', at: 9, by: 'somebody' } as const
const entry = (id: string, after = view): string => encodeEntry(id, 1, JSON.stringify(event), after)

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

  test('gives back what was put in', () => {
    const over: View = {
      ...view,
      status: 'completed',
      active: [],
      outcome: 'sent',
      values: { $input: 1 },
      trace: '00-1',
    }
    const { frame } = encodeFrame([entry('a'), entry('b', over)], 0)
    expect(decodeFrame(frame).entries).toEqual([
      { id: 'a', revision: 1, event, after: view },
      { id: 'b', revision: 1, event, after: over },
    ])
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
