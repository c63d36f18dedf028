import fc from 'fast-check'
import { describe, expect, test } from '@jest/globals'
import { checkReading } from '@pitcrew/signals'
import { readMapping } from './mapping.ts'
import { readCsv } from './read-csv.ts'
import { readTime } from './time.ts'

const speed = 'Vehicle.Speed'
const coolant = 'Vehicle.Powertrain.CombustionEngine.EngineCoolant.Temperature'

const whole = {
  time: { column: 't', format: 's' },
  vehicle: { column: 'plate' },
  signals: { mph: { path: speed, unit: 'mph' }, ect: { path: '0105', unit: 'degF' } },
  codes: { column: 'dtc' },
}
const mapping = (changes: object = {}) => readMapping(JSON.stringify({ ...whole, ...changes }), 'map.json')
const failure = (code: string, message: string) =>
  expect.objectContaining({ kind: 'terminal', code, message: expect.stringContaining(message) })

describe('N2 a CSV with a mapping', () => {
  test('becomes frames of several vehicles in the units of the catalogue, times from 0', () => {
    const text = 't,plate,mph,ect,dtc\n100,A,50,212,\n100,B,,32,P0217 P0300\n160.5,A,60,,\n'
    const { logs, badRows } = readCsv(text, 'f.csv', 'f', mapping())
    expect(badRows).toEqual([])
    expect(logs.map(({ name, named, durationMs }) => [name, named, durationMs])).toEqual([
      ['A', true, 60_500],
      ['B', true, 0],
    ])
    expect(logs[0]!.frames[0]!.values[speed]).toBeCloseTo(80.4672)
    expect(logs[0]!.frames[0]!.values[coolant]).toBeCloseTo(100)
    expect(logs[0]!.frames[1]).toMatchObject({ timeMs: 60_500, dtcs: [] })
    expect(coolant in logs[0]!.frames[1]!.values).toBe(false)
    expect(logs[1]!.frames[0]!.dtcs).toEqual(['P0217', 'P0300'])
  })

  test('may be of one vehicle, with another delimiter, ISO times and an older VSS', () => {
    const map = mapping({
      ...{ time: { column: 't', format: 'iso' }, vehicle: { id: 'truck-7' }, codes: undefined, delimiter: ';' },
      ...{ vssVersion: '5.1', signals: { odo: { path: 'Vehicle.TraveledDistance' } } },
    })
    const { logs } = readCsv('t;odo\n2026-01-01T00:00:00Z;1.5\n2026-01-01 00:00:10;1.6\n', 'f.csv', 'f', map)
    expect(logs).toMatchObject([{ name: 'truck-7', named: true, durationMs: 10_000 }])
    expect(logs[0]!.frames[0]!.values['Vehicle.TraveledDistance']).toBe(1_500)
    const unnamed = readCsv('t,mph,ect\n1,2,3\n', 'f.csv', 'f', mapping({ vehicle: undefined, codes: undefined }))
    expect(unnamed.logs).toMatchObject([{ name: 'f', named: false }])
  })

  test('names the line and the column of each row that cannot be read, and what was expected', () => {
    const rows = ['x,A,1,1,', '1,A,fast,1,', '1,a b,1,1,', '1,A,1,1', '5,A,1,1,', '4,A,1,1,', '"6,A,1']
    const { logs, badRows } = readCsv(`t,plate,mph,ect,dtc\n${rows.join('\n')}\n`, 'f.csv', 'f', mapping())
    expect(logs[0]!.frames).toHaveLength(1)
    expect(badRows.map(({ line, code }) => `${line} ${code}`)).toEqual([
      ...['2 BAD_CELL', '3 NOT_A_NUMBER', '4 BAD_CELL', '5 WRONG_WIDTH', '7 TIME_GOES_BACK', '8 NOT_CSV'],
    ])
    expect(badRows[1]!.message).toBe('column "mph" is "fast": expected a number, in mph')
  })

  test('leaves a reading that cannot be out of its row', () => {
    const { logs, badRows } = readCsv('t,plate,mph,ect,dtc\n1,A,900,212,\n', 'f.csv', 'f', mapping())
    expect(Object.keys(logs[0]!.frames[0]!.values)).toEqual([coolant])
    expect(badRows).toMatchObject([{ line: 2, code: 'OUT_OF_RANGE', message: expect.stringContaining('"mph"') }])
  })

  test('is refused as a whole when a column is missing or no row can be read', () => {
    const missing = failure('MISSING_COLUMN', 'has no column "ect": it has "t", "plate", "mph", "dtc"')
    expect(() => readCsv('t,plate,mph,dtc\n1,A,1,\n', 'f.csv', 'f', mapping())).toThrow(missing)
    expect(() => readCsv('t,plate,mph,ect,dtc\n', 'f.csv', 'f', mapping())).toThrow(failure('NOT_CSV', 'no row'))
    expect(() => readCsv('', 'f.csv', 'f', mapping())).toThrow(failure('NOT_CSV', 'empty'))
  })

  test.each([
    [{ time: { column: 't', format: 'epoch' } }, 'time.format: "epoch": expected iso, ms, s, min, h'],
    [{ time: undefined }, 'time: missing: expected an object'],
    [{ vehicle: { id: 'a b' } }, 'vehicle.id'],
    [{ signals: {} }, 'signals: it is empty'],
    [{ signals: { a: { path: 'Vehicle.Mood' } } }, 'signals.a.path: "Vehicle.Mood"'],
    [{ signals: { a: { path: speed, unit: 'kPa' } } }, 'signals.a.unit: "kPa": expected a unit that converts to km/h'],
    [{ codes: { col: 'x' } }, 'codes.column: missing'],
    [{ delimiter: ',,' }, 'delimiter'],
    [{ vssVersion: '3.0' }, 'vssVersion: "3.0": expected one of 4.0'],
    [{ signal: {} }, 'signal: it is no key of a mapping'],
  ])('a mapping with %j says so', (changes, message) => {
    expect(() => mapping(changes)).toThrow(failure('BAD_MAPPING', message))
  })

  test('any text is read or refused, and never breaks the reader', () => {
    const piece = fc.constantFrom(
      '1,A,900,',
      '1e9,A,-1,1e5,',
      't',
      'plate',
      ',',
      ',',
      '\n',
      '"',
      '1',
      'A',
      '-',
      ' ',
      '\r',
      'P0217',
    )
    const map = mapping()
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
    )
    const header = fc.constantFrom('', 't,plate,mph,ect,dtc\n')
    fc.assert(
      fc.property(header, text, (head, body) => {
        try {
          for (const { frames } of readCsv(head + body, 'f.csv', 'f', map).logs)
            for (const { timeMs, values } of frames) {
              expect(Number.isFinite(timeMs)).toBe(true)
              for (const [path, value] of Object.entries(values)) expect(checkReading(path, value).ok).toBe(true)
            }
        } catch (error) {
          expect(error).toMatchObject({ kind: 'terminal' })
        }
      }),
      { numRuns: 500 },
    )
  })
})

test.each([
  ['2026-01-31', 'iso', Date.UTC(2026, 0, 31)],
  ['2026-01-31T06:00', 'iso', Date.UTC(2026, 0, 31, 6)],
  ['2026-01-31 06:00:00.5', 'iso', Date.UTC(2026, 0, 31, 6) + 500],
  ['2026-01-31T06:00:00+02:00', 'iso', Date.UTC(2026, 0, 31, 4)],
  ['31.01.2026', 'iso', undefined],
  ['2026-13-31', 'iso', undefined],
  ['1.5', 'min', 90_000],
  ['', 's', undefined],
  ['1e30', 'h', undefined],
] as const)('N2 time %j of format %s is %s', (text, format, expected) => {
  expect(readTime(text, format)).toBe(expected)
})
