import { describe, expect, test } from '@jest/globals'
import { checkReading } from '@pitcrew/signals'
import { entryRefusals } from '../../../domain/entry-refusals.ts'
import { valueFrames } from '../value-frames.ts'
import { cursorOf, cursorsOf } from './cursors.ts'
import { addVehicle } from './stats.ts'

const time = '2026-03-01T08:00:00.250Z'
const timeMs = Date.parse(time)

function read(...entries: unknown[]) {
  const refusals = entryRefusals()
  const values = valueFrames()
  for (const entry of entries) addVehicle(entry, 'data', values, refusals)
  return { frames: values.frames(({ id }) => id), refused: refusals.list() }
}

describe('N2 a Samsara-like feed', () => {
  test('is merged to frames by time and comes out in the units of the catalogue', () => {
    const { frames } = read(
      { id: '12', engineCoolantTemperatureMilliC: [{ time, value: 92_500 }], ecuSpeedMph: [{ time, value: 50 }] },
      { id: '12', batteryMilliVolts: [{ time, value: 13_900 }], obdOdometerMeters: { time, value: 1_000 } },
      {
        id: 12,
        barometricPressurePa: [
          { time, value: 101_300 },
          { time: '2026-03-01T08:00:01Z', value: 101_300 },
        ],
      },
    )
    expect(frames.map(({ vehicleId, deviceTimeMs }) => [vehicleId, deviceTimeMs - timeMs])).toEqual([
      ['samsara-12', 0],
      ['samsara-12', 750],
    ])
    const checked = frames[0]!.readings.map(({ name, value, unit }) => checkReading(name, value, unit))
    const byPath = new Map(checked.flatMap((each) => (each.ok ? [[each.path, each.value]] : [])))
    expect(byPath.get('Vehicle.Powertrain.CombustionEngine.EngineCoolant.Temperature')).toBeCloseTo(92.5, 9)
    expect(byPath.get('Vehicle.Speed')).toBeCloseTo(80.4672, 9)
    expect(byPath.get('Vehicle.LowVoltageBattery.CurrentVoltage')).toBeCloseTo(13.9, 9)
    expect(byPath.get('Vehicle.TraveledDistance')).toBe(1_000)
    expect(byPath.get('Vehicle.OBD.BarometricPressure')).toBeCloseTo(101.3, 9)
  })

  test('gives the fault codes of cars and trucks with lamp, status and count; an empty report says that none stands', () => {
    const j1939 = {
      checkEngineLights: { stopIsOn: false, warningIsOn: true },
      diagnosticTroubleCodes: [
        { spnId: 110, fmiId: 0, occurrenceCount: 3 },
        { spnId: 110, fmiId: 99 },
      ],
    }
    const obdii = {
      diagnosticTroubleCodes: [
        { milStatus: true, confirmedDtcs: [{ dtcShortCode: 'P0217' }], pendingDtcs: [{ dtcShortCode: 'P0128' }] },
      ],
    }
    const { frames, refused } = read({
      id: '1',
      faultCodes: [
        { time, j1939, obdii },
        { time: '2026-03-01T08:00:01Z', obdii: { diagnosticTroubleCodes: [] } },
      ],
    })
    expect(frames[0]!.faults.map(({ code, status, lamp, occurrences }) => [code, status, lamp, occurrences])).toEqual([
      ['P0128', 'FAULT_STATUS_PENDING', 'FAULT_LAMP_UNSPECIFIED', 0],
      ['P0217', 'FAULT_STATUS_CONFIRMED', 'FAULT_LAMP_MALFUNCTION', 0],
      ['SPN110-FMI0', 'FAULT_STATUS_CONFIRMED', 'FAULT_LAMP_AMBER_WARNING', 3],
    ])
    expect(frames[1]).toMatchObject({ hasDtcs: true, faults: [] })
    expect(refused).toEqual([{ code: 'BAD_FAULT_CODE', count: 1, first: 'data.faultCodes[0].j1939[1]' }])
  })

  test('keeps what is good beside what is not', () => {
    const { frames, refused } = read(
      { id: '1', engineRpm: [{ time, value: 800 }, { time: null, value: 1 }, { time, value: 'fast' }, 3] },
      { name: 'nobody', engineRpm: [{ time, value: 1 }] },
      'truck',
    )
    expect(frames).toMatchObject([{ readings: [{ value: 800 }] }])
    expect(refused.map(({ code }) => code)).toEqual(['BAD_TIME', 'BAD_VALUE', 'BAD_ENTRY', 'NO_VEHICLE'])
  })
})

test('L1 a cursor holds one of the provider for each group; nonsense begins anew', () => {
  expect(cursorsOf(cursorOf({ 'a,b': 'x', c: '' }))).toEqual({ 'a,b': 'x', c: '' })
  for (const nonsense of ['', '{}', 'null', '{"after":{"a":1}}']) expect(cursorsOf(nonsense)).toEqual({})
})
