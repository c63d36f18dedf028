import { describe, expect, test } from '@jest/globals'
import { telemetry } from '@pitcrew/contracts'
import fc from 'fast-check'
import { defaultFrameLimits } from '../frame-limits.ts'
import { normaliseFrame } from '../normalise-frame.ts'
import { nothingAccepted, quarantined } from './quarantined.ts'
import { retry, type Waiting } from './retry.ts'

const now = Date.UTC(2026, 0, 15, 12)
const hour = 3_600_000
const speed = { name: 'Vehicle.Speed', value: 50, unit: '' }
const unknown = { name: 'Vehicle.Mood', value: 3, unit: '' }

const raw = (given: Partial<telemetry.RawFrame> = {}): telemetry.RawFrame => ({
  ...telemetry.RawFrame.create(),
  vehicleId: 'v1',
  deviceTimeMs: now,
  readings: [speed],
  ...given,
})

/** As the intake sets it aside. */
function setAside(frame: telemetry.RawFrame, at = now, limits = defaultFrameLimits): Waiting {
  const result = normaliseFrame(frame, at, limits)
  const entry = quarantined(frame, result.refusals, at, result.kind === 'accepted' ? result.frame : undefined)
  return { frame: entry.message.frame!, refusals: result.refusals, firstSeenMs: at, accepted: entry.accepted }
}

describe('trying a quarantined frame again', () => {
  test('N2 one that was ahead of time is accepted when the limit allows it, and does not grow too old here', () => {
    const waiting = setAside(raw({ deviceTimeMs: now + hour }))
    expect(retry(waiting, now + 1, defaultFrameLimits).rest?.refusals).toMatchObject([{ code: 'FUTURE_DATED' }])
    expect(retry(waiting, now, { ...defaultFrameLimits, aheadMs: hour }).rest).toBeUndefined()
    const later = retry(waiting, now + 90 * 24 * hour, defaultFrameLimits)
    expect(later).toMatchObject({ frame: { deviceTimeMs: now + hour, readings: [{ value: 50 }] } })
    expect(later.rest).toBeUndefined()
  })

  test('N2 what was refused stays, with the reasons of today', () => {
    const waiting = { ...setAside(raw({ readings: [unknown] })), refusals: [] }
    expect(retry(waiting, now, defaultFrameLimits)).toEqual({
      rest: {
        frame: waiting.frame,
        refusals: [expect.objectContaining({ code: 'UNKNOWN_SIGNAL' })],
        accepted: nothingAccepted,
      },
    })
  })

  test('N1 what was accepted with the rest of the frame is not accepted again', () => {
    const waiting = setAside(raw({ readings: [speed, unknown] }))
    expect(waiting.frame.readings).toEqual([unknown])
    // As if the catalogue knew it now, under a path that the frame had already.
    const known = { ...waiting, frame: { ...waiting.frame, readings: [speed] } }
    expect(retry(known, now, defaultFrameLimits)).toEqual({})
    const another = { ...known, accepted: nothingAccepted }
    expect(retry(another, now, defaultFrameLimits).frame?.readings).toEqual([{ path: 'Vehicle.Speed', value: 50 }])
  })

  test('N2 a list of codes is accepted whole or not at all', () => {
    const waiting = setAside(raw({ dtcs: ['P0217', 'nonsense'], hasDtcs: true }))
    expect(waiting.frame).toMatchObject({ readings: [], dtcs: ['P0217', 'nonsense'], hasDtcs: true })
    const still = retry(waiting, now, defaultFrameLimits)
    expect([still.frame, still.rest?.frame.dtcs]).toEqual([undefined, ['P0217', 'nonsense']])
    const mended = { ...waiting, frame: { ...waiting.frame, dtcs: ['P0217', 'P0128'] } }
    expect(retry(mended, now, defaultFrameLimits)).toMatchObject({ frame: { dtcs: ['P0217', 'P0128'], readings: [] } })
  })

  test('N1 trying again what is still refused changes nothing, however often', () => {
    const readings = fc.record({
      name: fc.oneof(fc.constantFrom('Vehicle.Speed', '0105', 'Vehicle.Mood'), fc.string()),
      value: fc.double(),
      unit: fc.constantFrom('', 'km/h', 'degF', 'furlong'),
    })
    const frames = fc
      .record({
        readings: fc.array(readings, { maxLength: 4 }),
        dtcs: fc.array(fc.constantFrom('P0217', '?')),
        hasDtcs: fc.boolean(),
      })
      .map(raw)
    fc.assert(
      fc.property(frames, (frame) => {
        const waiting = setAside(frame)
        const { frame: again, rest } = retry(waiting, now, defaultFrameLimits)
        expect(again).toBeUndefined()
        if (waiting.refusals.length > 0) expect(rest?.frame).toEqual(waiting.frame)
      }),
    )
  })
})

describe('what the quarantine keeps', () => {
  test('N2 bytes from the bus stay, bounded, and whoever sends more is told so', () => {
    const can = Array.from({ length: 3_000 }, () => ({ id: 0x18feee00, extended: true, data: Buffer.alloc(64, 1) }))
    const obd = Array.from({ length: 300 }, () => Buffer.alloc(5_000, 0x41))
    const entry = quarantined(raw({ vehicleId: '', obd, can }), [], now)
    const bytes = telemetry.Quarantined.encode(entry.message).finish()
    expect(entry.cut).toBe(true)
    expect(bytes.length).toBeLessThan(200_000)
    expect(entry.message.frame).toMatchObject({ obd: { length: 256 }, can: { length: 2_000 } })
    expect(quarantined(raw({ obd: [Buffer.from('4105', 'hex')] }), [], now)).toMatchObject({ cut: false })
  })

  test('N1 what is kept has one identity, other content another', () => {
    const { id, message } = quarantined(raw({ readings: [unknown] }), [], now)
    expect(quarantined(message.frame!, [], now + 5).id).toBe(id)
    const others = [{ obd: [Buffer.from('41')] }, { vssVersion: '4.2' }, { readings: [speed] }, { hasDtcs: true }]
    for (const other of others) expect(quarantined(raw({ readings: [unknown], ...other }), [], now).id).not.toBe(id)
  })
})
