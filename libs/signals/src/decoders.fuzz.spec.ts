/** Every decoder against anything: it never throws, and nothing that it yields is outside of its signal's range. */
import fc from 'fast-check'
import { describe, expect, test } from '@jest/globals'
import {
  candumpRows,
  decodeJ1939Json,
  decodeObd,
  decodeObdText,
  faultCode,
  isFaultCode,
  pgns,
  readingsOfDecoded,
  readingsOfRaw,
  resolveSignal,
  signal,
  checkReading,
  type RawReadings,
} from './index.ts'

const runs = { numRuns: 1_000 }

function mustHold({ readings, faults, refusals }: RawReadings): void {
  for (const { path, value } of readings) {
    const { min, max } = signal(path)!
    if (!(value >= min && value <= max)) throw new Error(`${path} is ${value}`)
  }
  expect(new Set(readings.map(({ path }) => path)).size).toBe(readings.length)
  expect(new Set(faults.map(({ code }) => code)).size).toBe(faults.length)
  for (const { code, occurrences } of faults) {
    if (!isFaultCode(code)) throw new Error(`${code} is no code`)
    expect(occurrences).toBeGreaterThanOrEqual(0)
    faultCode(code)
  }
  for (const { code, message } of refusals) {
    expect(code).toMatch(/^[A-Z0-9_]+$/)
    expect(message.length).toBeLessThan(400)
  }
}

const service = fc.constantFrom(0x41, 0x43, 0x47, 0x4a, 0x7f, 0x01)
const response = fc
  .tuple(service, fc.uint8Array({ maxLength: 40 }))
  .map(([first, rest]) => Uint8Array.from([first, ...rest]))

const readPgn = fc.constantFrom(...pgns.map(({ pgn }) => pgn), 65_226, 65_268, 0xec00, 0xeb00)
const j1939Id = fc.tuple(readPgn, fc.nat(3)).map(([pgn, source]) => 0x18000000 | (pgn << 8) | source)
const someId = fc.oneof(j1939Id, fc.constantFrom(0x7e8, 0x7e9, 0x18daf110), fc.nat(0x1fffffff), fc.integer())
const canFrame = fc.record({ id: someId, extended: fc.boolean(), data: fc.uint8Array({ maxLength: 9 }) })
const transport = fc.record({
  id: fc.constantFrom(0x18ecff00, 0x18ebff00, 0x18ecff03, 0x18ebff03),
  extended: fc.constant(true),
  data: fc
    .tuple(fc.constantFrom(1, 2, 3, 16, 32, 255), fc.nat(30), fc.constant(0), fc.nat(5), fc.constant(0xff))
    .map((head) => Uint8Array.from([...head, 0xca, 0xfe, 0x00])),
})

describe('fuzz', () => {
  test('N2 OBD bytes, alone and with others', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(response, fc.uint8Array({ maxLength: 12 })), { maxLength: 6 }), (obd) => {
        for (const bytes of obd) decodeObd(bytes)
        mustHold(readingsOfRaw({ obd, can: [] }))
      }),
      runs,
    )
  })

  test('N2 CAN frames of any kind, and transports that lie', () => {
    const frames = fc.array(fc.oneof(canFrame, transport), { maxLength: 20 })
    fc.assert(
      fc.property(frames, (can) => mustHold(readingsOfRaw({ obd: [], can }))),
      runs,
    )
  })

  test('N2 J1939 as JSON', () => {
    const entry = fc.record(
      {
        spn: fc.oneof(fc.nat(200), fc.anything()),
        value: fc.oneof(fc.double(), fc.anything()),
        fmi: fc.nat(40),
        oc: fc.anything(),
      },
      { requiredKeys: [] },
    )
    const list = fc.oneof(fc.array(entry, { maxLength: 5 }), fc.anything())
    const message = fc.record({ pgn: fc.anything(), spns: list, dm1: list, lamps: fc.anything() }, { requiredKeys: [] })
    fc.assert(
      fc.property(fc.oneof(message, fc.anything()), (value) => mustHold(readingsOfDecoded([decodeJ1939Json(value)]))),
      runs,
    )
  })

  test('N2 logger text', () => {
    const word = fc.constantFrom(
      '41',
      '05',
      '7B',
      '43',
      '7E8',
      '10',
      '0A',
      '21',
      '0:',
      '00A',
      '48 6B',
      '>',
      'NO DATA',
      '\r',
      '\n',
      'FF',
      'SEARCHING...',
    )
    const line = fc.oneof(
      fc.array(word, { maxLength: 30 }).map((words) => words.join(' ')),
      fc.string(),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(line, (text) => mustHold(readingsOfDecoded([decodeObdText(text)]))),
      runs,
    )
  })

  test('N2 candump lines', () => {
    const piece = fc.constantFrom(
      '(1.5)',
      '(x)',
      'can0',
      '18FEEE00',
      '7E8',
      '#',
      '[2]',
      ' ',
      'FF',
      '0',
      'R',
      "'..'",
      '\n',
    )
    const text = fc.oneof(
      fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join('')),
      fc.string(),
    )
    fc.assert(
      fc.property(text, (log) => {
        const rows = [...candumpRows(log)]
        expect(rows).toHaveLength(log.split('\n').length)
        mustHold(readingsOfRaw({ obd: [], can: rows.flatMap((row) => (row.kind === 'frame' ? [row.frame] : [])) }))
      }),
      runs,
    )
  })

  test('N2 names, units and versions', () => {
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom('0105', 'Vehicle.Speed', 'Vehicle.TraveledDistance', '__proto__'),
    )
    const version = fc.oneof(fc.string(), fc.constantFrom('', '4.2', '5.1', '6.0', 'v6.0.0', 'toString'))
    const unit = fc.oneof(fc.string(), fc.constantFrom('', 'km', 'mph', 'degF', 'valueOf'))
    fc.assert(
      fc.property(name, fc.double(), unit, version, (path, value, spelling, vss) => {
        resolveSignal(path, vss)
        const checked = checkReading(path, value, spelling, vss)
        if (checked.ok)
          expect(checked.value >= signal(checked.path)!.min && checked.value <= signal(checked.path)!.max).toBe(true)
      }),
      runs,
    )
  })
})
