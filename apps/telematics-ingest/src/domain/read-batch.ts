/**
 * A JSON body as raw frames (proto3 JSON of telemetry.PublishRequest, camelCase or snake_case). The shape must be right,
 * else the whole body is refused, with the place named; what the values are worth is for normalisation to say. JSON's
 * null, text and booleans never turn into a number by accident: they become NaN and are quarantined.
 */
import { telemetry } from '@pitcrew/contracts'
import { bad, bytes, count, isObject, list, number, object, pick, text } from './json-shape.ts'

export function readBatch(body: unknown): telemetry.RawFrame[] {
  if (!isObject(body) || !Array.isArray(body.frames)) throw bad('the body is not {"frames": [...]}')
  return body.frames.map((frame, i) => readRawFrame(frame, `frames[${i}]`))
}

export function readRawFrame(given: unknown, where: string): telemetry.RawFrame {
  const frame = object(given, where)
  return {
    vehicleId: text(pick(frame, 'vehicleId', 'vehicle_id'), `${where}.vehicleId`),
    deviceTimeMs: number(pick(frame, 'deviceTimeMs', 'device_time_ms')),
    readings: readReadings(frame.readings, where),
    dtcs: each(frame.dtcs, `${where}.dtcs`, text),
    hasDtcs: pick(frame, 'hasDtcs', 'has_dtcs') === true,
    vssVersion: text(pick(frame, 'vssVersion', 'vss_version'), `${where}.vssVersion`),
    obd: each(frame.obd, `${where}.obd`, bytes),
    can: each(frame.can, `${where}.can`, readCanFrame),
    faults: each(frame.faults, `${where}.faults`, readFault),
  }
}

const each = <T>(given: unknown, where: string, read: (entry: unknown, where: string) => T): T[] =>
  list(given, where).map((entry, i) => read(entry, `${where}[${i}]`))

/** Of most entries nothing is wrong, and where they stand need not be put into words. */
function readReadings(given: unknown, where: string): telemetry.RawReading[] {
  return list(given, `${where}.readings`).map((entry, i) => {
    if (isObject(entry)) {
      const { name, value, unit = '' } = entry
      if (typeof name === 'string' && typeof value === 'number' && typeof unit === 'string')
        return { name, value, unit }
    }
    return readReading(entry, `${where}.readings[${i}]`)
  })
}

function readReading(given: unknown, where: string): telemetry.RawReading {
  const entry = object(given, where)
  return {
    name: text(entry.name, `${where}.name`),
    value: number(entry.value),
    unit: text(entry.unit, `${where}.unit`),
  }
}

function readCanFrame(given: unknown, where: string): telemetry.CanFrame {
  const entry = object(given, where)
  return {
    id: count(entry.id, 0xffff_ffff),
    extended: entry.extended === true,
    data: bytes(entry.data, `${where}.data`),
  }
}

function readFault(given: unknown, where: string): telemetry.FaultReport {
  const entry = object(given, where)
  return {
    code: text(entry.code, `${where}.code`),
    status: named(telemetry.faultStatusFromJSON, entry.status, `${where}.status`),
    lamp: named(telemetry.faultLampFromJSON, entry.lamp, `${where}.lamp`),
    // What is no count is not known.
    occurrences: count(entry.occurrences, 0xffff) % 0xffff,
  }
}

/** By name or number; left out, it is the first. */
function named<T>(read: (given: unknown) => T, given: unknown, where: string): T {
  try {
    return read(given ?? 0)
  } catch {
    throw bad(`${where} is not a name of that enumeration`)
  }
}
