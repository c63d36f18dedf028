import { describe, expect, test } from '@jest/globals'
import { telemetry } from '@pitcrew/contracts'
import { readBatch } from './read-batch.ts'

describe('reading a JSON batch', () => {
  test('N2 takes proto3 JSON as the contract writes it, zeros left out', () => {
    const frames: telemetry.RawFrame[] = [
      {
        ...telemetry.RawFrame.create(),
        vehicleId: 'v1',
        deviceTimeMs: 1,
        readings: [{ name: 'a', value: 0, unit: '' }],
        dtcs: ['P0217'],
        hasDtcs: true,
      },
      {
        ...telemetry.RawFrame.create(),
        vehicleId: 'v2',
        deviceTimeMs: 2,
        readings: [{ name: 'b', value: NaN, unit: 'V' }],
        dtcs: [],
        hasDtcs: false,
      },
    ]
    expect(readBatch(JSON.parse(JSON.stringify(telemetry.PublishRequest.toJSON({ frames }))))).toEqual(frames)
  })

  test('N2 takes bytes of the bus and fault reports as proto3 JSON writes them', () => {
    const frame = telemetry.RawFrame.fromPartial({
      vehicleId: 'v1',
      deviceTimeMs: 1,
      vssVersion: '4.2',
      obd: [Buffer.from('410d50', 'hex')],
      can: [{ id: 0x18feca00, extended: true, data: Buffer.from('10ff', 'hex') }],
      faults: [{ code: 'P0217', status: 'FAULT_STATUS_PENDING', lamp: 'FAULT_LAMP_RED_STOP', occurrences: 3 }],
      hasDtcs: true,
    })
    const json = JSON.parse(JSON.stringify(telemetry.PublishRequest.toJSON({ frames: [frame] })))
    expect(readBatch(json)).toEqual([frame])
    expect(readBatch({ frames: [{ can: [{ id: -1 }], faults: [{ occurrences: 'many' }] }] })).toMatchObject([
      { can: [{ id: 0xffff_ffff }], faults: [{ occurrences: 0 }] },
    ])
  })

  test('N2 takes snake_case and int64 as text', () => {
    const body = { frames: [{ vehicle_id: 'v1', device_time_ms: '1700000000000', has_dtcs: true }] }
    expect(readBatch(body)).toEqual([
      telemetry.RawFrame.fromPartial({ vehicleId: 'v1', deviceTimeMs: 1_700_000_000_000, hasDtcs: true }),
    ])
  })

  test('N2 null, booleans and words never become a number', () => {
    const readings = [null, true, 'fast', '', []].map((value) => ({ name: 'x', value }))
    const [frame] = readBatch({ frames: [{ readings }] })
    expect(frame!.readings.map(({ value }) => value)).toEqual([NaN, NaN, NaN, NaN, NaN])
  })

  test.each([
    ['the body', null],
    ['the body', []],
    ['the body', { frames: {} }],
    ['frames[0] is', { frames: [null] }],
    ['frames[1] is', { frames: [{}, 7] }],
    ['frames[0].vehicleId', { frames: [{ vehicleId: { $gt: '' } }] }],
    ['frames[0].readings is', { frames: [{ readings: 'none' }] }],
    ['frames[0].readings[0]', { frames: [{ readings: [null] }] }],
    ['frames[0].obd[0]', { frames: [{ obd: ['41 0D'] }] }],
    ['frames[0].faults[0].status', { frames: [{ faults: [{ status: 'GONE' }] }] }],
    ['frames[0].dtcs[0]', { frames: [{ dtcs: [1] }] }],
  ])('N2 refuses a wrong shape and names the place: %s', (place, body) => {
    expect(() => readBatch(body)).toThrow(
      expect.objectContaining({ code: 'BAD_BATCH', message: expect.stringContaining(place) }),
    )
  })
})
