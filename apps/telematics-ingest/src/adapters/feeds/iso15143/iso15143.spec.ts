import { describe, expect, test } from '@jest/globals'
import { entryRefusals } from '../../../domain/entry-refusals.ts'
import { valueFrames } from '../value-frames.ts'
import { addOccurrences, readOccurrences } from './fault-codes.ts'
import { readPage } from './page.ts'
import { cursorAfter, roundOf } from './round.ts'
import { addSnapshot, readEntry } from './snapshot.ts'

const header = { OEMName: 'Kraft', Model: 'K 9', EquipmentID: '7', SerialNumber: 'A/1', PIN: '' }
const at = (time: string) => Date.parse(`2026-03-01T${time}Z`)

function read(equipment: unknown, oldestMs = 0) {
  const refusals = entryRefusals()
  const values = valueFrames()
  const { entries, next } = readPage({ Links: [], Equipment: equipment }, 1, ['equipment'])
  for (const [i, given] of entries.entries()) {
    const entry = readEntry(given, `Equipment[${i}]`, refusals)
    if (entry) addSnapshot(entry, oldestMs, values, refusals)
  }
  return { frames: values.frames(({ id }) => id), refused: refusals.list(), next }
}

describe('N2 ISO 15143-3: a fleet snapshot', () => {
  test('gives each value at its own time, in the unit that it names', () => {
    const { frames, refused } = read([
      {
        EquipmentHeader: header,
        CumulativeOperatingHours: { Hour: 'P13DT1H30M', Datetime: '2026-03-01T08:00:00Z' },
        Distance: { Odometer: '1000.5', OdometerUnits: 'Miles', datetime: '2026-03-01T08:00:00Z' },
        FuelRemaining: { '@datetime': '2026-03-01T10:00:00+01:00', Percent: 61 },
      },
    ])
    expect(refused).toEqual([])
    expect(frames).toMatchObject([
      {
        vehicleId: 'Kraft-K_9-A_1',
        deviceTimeMs: at('08:00:00'),
        readings: [
          { name: 'Vehicle.Powertrain.CombustionEngine.EngineHours', value: 313.5, unit: 'h' },
          { name: 'Vehicle.TraveledDistance', value: 1000.5, unit: 'mi' },
        ],
        hasDtcs: false,
      },
      {
        deviceTimeMs: at('09:00:00'),
        readings: [{ name: 'Vehicle.Powertrain.FuelSystem.RelativeLevel', value: 61, unit: 'percent' }],
      },
    ])
  })

  test('keeps the good values beside bad ones, and says what was bad', () => {
    const good = { Percent: 50, datetime: '2026-03-01T08:00:00Z' }
    const { frames, refused } = read([
      { EquipmentHeader: header, FuelRemaining: good, Distance: { Odometer: 'far', datetime: good.datetime } },
      {
        EquipmentHeader: { ...header, SerialNumber: 'B' },
        FuelRemaining: { Percent: 1, datetime: '0001-01-01T00:00:00Z' },
      },
      { EquipmentHeader: { Model: 'Trailer' }, FuelRemaining: good },
      null,
    ])
    expect(frames).toHaveLength(1)
    expect(refused.map(({ code, first }) => `${code} ${first}`)).toEqual([
      'BAD_VALUE Equipment[0].distance',
      'BAD_TIME Equipment[1].fuelremaining',
      'NO_VEHICLE Equipment[2]',
      'BAD_ENTRY Equipment[3]',
    ])
  })

  test('passes over what a machine that stands said long ago, takes one machine for a list of it', () => {
    const old = { EquipmentHeader: header, FuelRemaining: { Percent: 5, datetime: '2026-03-01T08:00:00Z' } }
    expect(read(old).frames).toHaveLength(1)
    expect(read(old, at('08:00:01'))).toMatchObject({ frames: [], refused: [] })
  })

  test('goes by the number in a next link that leads on, and by nothing else in it', () => {
    const next = (href: unknown, rel = 'next') => readPage({ links: [{ rel, href }] }, 3, ['equipment']).next
    expect(next('https://elsewhere.example/Fleet/4', 'Next')).toBe(4)
    expect(next('/Fleet/4?x=1')).toBe(4)
    for (const href of ['/Fleet/3', '/Fleet/0', '/Fleet', 7, null]) expect(next(href)).toBeUndefined()
    expect(next('/Fleet/4', 'last')).toBeUndefined()
    expect(() => readPage([], 1, ['equipment'])).toThrow(expect.objectContaining({ code: 'BAD_FEED' }))
  })
})

describe('N2 ISO 15143-3: fault codes', () => {
  const vehicle = { id: 'm', vin: '' }
  const code = (codeidentifier: string, time: string, codeseverity = '') => ({
    codeidentifier,
    codeseverity,
    datetime: time,
  })
  const codesAt = (afterMs: number, ...entries: unknown[]) => {
    const values = valueFrames()
    addOccurrences(vehicle, readOccurrences(entries, 'f', entryRefusals()), afterMs, values)
    return values
      .frames(({ id }) => id)
      .map(({ deviceTimeMs, faults }) => [
        new Date(deviceTimeMs).toISOString().slice(8, 16),
        faults.map((fault) => fault.code).join(' '),
      ])
  }
  const day = [
    code('110-0', '2026-03-01T11:00:00Z'),
    code('P0562', '2026-03-01T10:00:00Z'),
    code('SPN 100 FMI 1', '2026-03-02T01:00:00Z'),
  ]

  test('stand with those before them on the same day, whatever the window they are read in', () => {
    const all = [
      ['01T10:00', 'P0562'],
      ['01T11:00', 'P0562 SPN110-FMI0'],
      ['02T01:00', 'SPN100-FMI1'],
    ]
    expect(codesAt(0, ...day)).toEqual(all)
    expect(codesAt(at('10:30:00'), ...day)).toEqual(all.slice(1))
  })

  test('carry the lamp that the severity names; what is no code is refused', () => {
    const refusals = entryRefusals()
    const read = readOccurrences(
      [code('110-0', '2026-03-01T10:00:00Z', 'RED'), code('filter', '2026-03-01T10:00:00Z'), code('110-0', 'now'), 7],
      'f',
      refusals,
    )
    expect(read.map(({ report }) => report.lamp)).toEqual(['FAULT_LAMP_RED_STOP'])
    expect(refusals.list().map((each) => each.code)).toEqual(['BAD_FAULT_CODE', 'BAD_TIME', 'BAD_ENTRY'])
  })
})

test('L1 a round goes on where it stood, the next one begins where it began, nonsense begins anew', () => {
  const first = roundOf('', 1e12)
  expect(first).toEqual({ page: 1, sinceMs: 1e12 - 86_400_000, untilMs: 1e12 })
  expect(roundOf(cursorAfter(first, 2), 2e12)).toEqual({ ...first, page: 2 })
  expect(roundOf(cursorAfter(first, undefined), 2e12)).toEqual({ page: 1, sinceMs: 1e12, untilMs: 2e12 })
  for (const nonsense of ['{', '{"page":0,"sinceMs":1}', '17', 'run-5']) expect(roundOf(nonsense, 1e12)).toEqual(first)
})
