import { describe, expect, test } from '@jest/globals'
import { telemetry } from '@pitcrew/contracts'
import { rateLimits } from './rate-limits.ts'
import { anonymous, platform, type Sender } from './sender.ts'

const frames = (vehicleId: string, count: number) =>
  Array.from({ length: count }, () => telemetry.RawFrame.fromPartial({ vehicleId }))
const device = (deviceId: string): Sender => ({ kind: 'device', deviceId, vehicles: 'any' })

describe('how many frames a vehicle may bring', () => {
  test('L1 a burst passes, then so many a second', () => {
    const limits = rateLimits(10, 100)
    expect(limits.take(anonymous, frames('v1', 100), 0)).toBe(0)
    expect(limits.take(anonymous, frames('v1', 1), 0)).toBe(100)
    expect(limits.take(anonymous, frames('v1', 1), 99)).toBeGreaterThan(0)
    expect(limits.take(anonymous, frames('v1', 1), 100)).toBe(0)
    expect(limits.take(anonymous, frames('v1', 1), 100)).toBe(100)
  })

  test('L1 a batch larger than the burst passes once, and is paid for afterwards', () => {
    const limits = rateLimits(10, 100)
    expect(limits.take(anonymous, frames('v1', 1_000), 0)).toBe(0)
    expect(limits.take(anonymous, frames('v1', 1), 0)).toBe(90_100)
    expect(limits.take(anonymous, frames('v1', 1), 90_100)).toBe(0)
  })

  test('L1 a batch that may not pass is not counted for any of its vehicles', () => {
    const limits = rateLimits(10, 100)
    expect(limits.take(anonymous, frames('v1', 100), 0)).toBe(0)
    expect(limits.take(anonymous, [...frames('v1', 1), ...frames('v2', 100)], 0)).toBe(100)
    expect(limits.take(anonymous, frames('v2', 100), 0)).toBe(0)
  })

  test('N5 one sender does not use up what another may bring', () => {
    const limits = rateLimits(10, 100)
    expect(limits.take(device('thief'), frames('v1', 500), 0)).toBe(0)
    expect(limits.take(device('thief'), frames('v1', 1), 0)).toBeGreaterThan(0)
    expect(limits.take(device('owner'), frames('v1', 100), 0)).toBe(0)
    expect(limits.take(platform, frames('v1', 1e3), 0)).toBe(0)
    expect(limits.take(platform, frames('v1', 1e3), 0)).toBe(0)
  })

  test('N5 memory is bounded: of many vehicles the one used longest ago is forgotten', () => {
    const limits = rateLimits(10, 1, 3)
    for (const id of ['a', 'b', 'c', 'd']) expect(limits.take(anonymous, frames(id, 1), 0)).toBe(0)
    expect(limits.take(anonymous, frames('d', 1), 0)).toBeGreaterThan(0)
    expect(limits.take(anonymous, frames('a', 1), 0)).toBe(0)
  })
})
