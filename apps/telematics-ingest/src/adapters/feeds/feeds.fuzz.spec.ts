/** Whatever a provider sends, nothing is thrown past the mappers and nothing implausible comes out of normalisation. */
import { expect, test } from '@jest/globals'
import type { telemetry } from '@pitcrew/contracts'
import { checkReading, signal } from '@pitcrew/signals'
import fc from 'fast-check'
import { entryRefusals } from '../../domain/entry-refusals.ts'
import { defaultFrameLimits } from '../../domain/frame-limits.ts'
import { normaliseFrame } from '../../domain/normalise-frame.ts'
import { addOccurrences, readOccurrences } from './iso15143/fault-codes.ts'
import { readPage } from './iso15143/page.ts'
import { cursorAfter, roundOf } from './iso15143/round.ts'
import { addSnapshot, elements, readEntry } from './iso15143/snapshot.ts'
import { cursorsOf } from './samsara/cursors.ts'
import { addVehicle, stats } from './samsara/stats.ts'
import { valueFrames } from './value-frames.ts'

const now = Date.parse('2026-03-01T12:00:00Z')
const runs = { numRuns: 400 }

const anything = fc.jsonValue({ maxDepth: 4 })
const time = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.integer({ min: now - 3 * 86_400_000, max: now + 900_000 }).map((ms) => new Date(ms).toISOString()),
  },
  fc.constantFrom('2026-03-01T12:00:00', '0001-01-01T00:00:00Z', '2026-02-31T25:61:00Z', null, ''),
  anything,
)
const number = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -10, max: 200 }) },
  fc.double(),
  fc.integer(),
  fc.double().map(String),
  anything,
)
/** Some of the members right, some anything, some left out. */
const shaped = (members: Record<string, fc.Arbitrary<unknown>>) =>
  fc.oneof({ weight: 9, arbitrary: fc.record(members, { requiredKeys: [] }) }, anything)
const listed = (entry: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 4, arbitrary: fc.array(entry, { maxLength: 4 }) }, entry)
const code = fc.oneof(fc.constantFrom('P0217', 'SPN 110 FMI 0', '110-0', '999999-9'), fc.string(), anything)

const machine = shaped({
  EquipmentHeader: shaped({
    OEMName: fc.string(),
    Model: fc.string(),
    SerialNumber: fc.string({ minLength: 1 }),
    PIN: fc.string(),
  }),
  CumulativeOperatingHours: shaped({ Hour: number, Datetime: time }),
  Distance: shaped({
    Odometer: number,
    OdometerUnits: fc.oneof(fc.constantFrom('mile', 'kilometres', 'furlong'), anything),
    Datetime: time,
  }),
  FuelRemaining: shaped({ Percent: number, datetime: time }),
  DEFRemaining: shaped({ Percent: number, datetime: time }),
})
const fault = shaped({ CodeIdentifier: code, CodeSeverity: anything, Datetime: time })
const vehicle = shaped({
  id: fc.oneof(fc.string(), anything),
  externalIds: anything,
  ...Object.fromEntries(stats.map(({ stat }) => [stat, listed(shaped({ time, value: number }))])),
  faultCodes: listed(
    shaped({
      time,
      j1939: shaped({
        diagnosticTroubleCodes: listed(shaped({ spnId: number, fmiId: number, occurrenceCount: number })),
      }),
      obdii: shaped({
        diagnosticTroubleCodes: listed(shaped({ confirmedDtcs: listed(shaped({ dtcShortCode: code })) })),
      }),
    }),
  ),
})

/** Gives the readings that came through. */
function expectPlausible(frames: telemetry.RawFrame[]): number {
  let readings = 0
  for (const raw of frames) {
    const result = normaliseFrame(raw, now, defaultFrameLimits)
    if (result.kind !== 'accepted') continue
    for (const { path, value } of result.frame.readings) {
      const { min, max } = signal(path)!
      expect(value).toBeGreaterThanOrEqual(min)
      expect(value).toBeLessThanOrEqual(max)
      readings += 1
    }
    for (const each of result.frame.faults)
      expect(each.code).toMatch(/^([PCBU][0-3][0-9A-F]{3}|SPN\d{1,6}-FMI\d{1,2})$/)
  }
  return readings
}

/** The entries of a page, or none when the page is refused as a whole in the one way there is. */
function entriesOf(json: unknown, name: string): unknown[] {
  try {
    return readPage(json, 1, [name]).entries
  } catch (thrown) {
    expect(thrown).toMatchObject({ kind: 'retryable', code: 'BAD_FEED' })
    return []
  }
}

test('N2 all that is mapped is in the catalogue, in a unit of the same quantity', () => {
  for (const { path, unit } of [...elements, ...stats]) {
    const { min } = signal(path)!
    expect([path, checkReading(path, Math.max(min, 0), unit).ok]).toEqual([path, true])
  }
})

test('N2 ISO 15143-3: no page throws, no reading out of range comes of it', () => {
  let readings = 0
  const page = shaped({ Equipment: listed(machine), Links: anything })
  const property = fc.property(page, listed(fault), (json, faults) => {
    const values = valueFrames()
    const refusals = entryRefusals()
    const occurrences = readOccurrences(entriesOf({ FaultCode: faults }, 'faultcode'), 'f', refusals)
    for (const given of entriesOf(json, 'equipment')) {
      const entry = readEntry(given, 'e', refusals)
      if (!entry) continue
      addSnapshot(entry, now - 86_400_000, values, refusals)
      addOccurrences(entry.vehicle, occurrences, 0, values)
    }
    readings += expectPlausible(values.frames(({ id }) => id))
  })
  fc.assert(property, runs)
  expect(readings).toBeGreaterThan(10)
})

test('N2 Samsara-like: no page throws, no reading out of range comes of it', () => {
  let readings = 0
  const property = fc.property(fc.array(vehicle, { maxLength: 4 }), (entries) => {
    const values = valueFrames()
    for (const entry of entries) addVehicle(entry, 'data', values, entryRefusals())
    readings += expectPlausible(values.frames(({ id }) => id))
  })
  fc.assert(property, runs)
  expect(readings).toBeGreaterThan(10)
})

test('L1 any stored cursor can be gone on from', () => {
  const cursor = fc.oneof(
    fc.string(),
    anything.map((value) => JSON.stringify(value)),
  )
  const property = fc.property(cursor, fc.integer({ min: 1 }), (stored, page) => {
    const round = roundOf(stored, now)
    expect(roundOf(cursorAfter(round, page), now)).toEqual({ ...round, page })
    for (const each of Object.values(cursorsOf(stored))) expect(typeof each).toBe('string')
  })
  fc.assert(property, runs)
})
