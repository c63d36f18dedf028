import { describe, expect, test } from '@jest/globals'
import { recentFrames } from './recent-frames.ts'

describe('memory of recent frames', () => {
  test('N1 knows what was added, per vehicle', () => {
    const recent = recentFrames()
    recent.add('a', '1')
    expect(recent.has('a', '1')).toBe(true)
    expect(recent.has('b', '1')).toBe(false)
    expect(recent.has('a', '2')).toBe(false)
  })

  test('N1 a vehicle that floods pushes out only its own memory', () => {
    const recent = recentFrames(100)
    recent.add('quiet', 'first')
    for (let i = 0; i < 1000; i++) recent.add('flood', String(i))
    expect(recent.has('quiet', 'first')).toBe(true)
    expect(recent.has('flood', '999')).toBe(true)
    expect(recent.has('flood', '0')).toBe(false)
  })

  test('stays bounded over any number of vehicles', () => {
    const recent = recentFrames(1600)
    for (let i = 0; i < 20_000; i++) recent.add(`v${i % 500}`, String(i))
    expect(recent.size()).toBeLessThanOrEqual(1600)
    expect(recent.has('v499', '19999')).toBe(true)
  })
})
