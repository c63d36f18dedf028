/**
 * SAE J1939 as a gateway has decoded it, one message a line:
 *
 *     { "time": "2026-01-31T06:00:00Z", "vehicle": "truck-7", "source": 0, "pgn": 65262, "spns": [{ "spn": 110, "value": 91 }] }
 *
 * `time` is ISO 8601 or Unix milliseconds; `vehicle` and `source` (the address of the ECU) may be left out.
 *
 * Invariants:
 * 1. Each line is a frame, or bad rows that name it.
 * 2. The codes of an ECU hold until its next DM1: a frame with a DM1 has those of all ECUs of its vehicle.
 */
import { Terminal } from '@pitcrew/errors'
import { decodeJ1939Json, readingsOfDecoded, type RawFault, type RawReadings } from '@pitcrew/signals'
import type { DeviceFrame } from '../../api/ingest.ts'
import { stemOf } from '../log-files.ts'
import { logOf, textOf, type BadRow, type Logs } from '../log.ts'
import { isVehicleId } from './csv/mapping.ts'
import { readTime } from './csv/time.ts'
import type { Format } from './format.ts'

export const j1939Json: Format = { files: /\.(jsonl|ndjson|json)$/i, injectable: true, whenLong: 'refuse', read }

interface Vehicle {
  frames: DeviceFrame[]
  /** By ECU. */
  codes: Map<unknown, readonly RawFault[]>
}

type Message = Record<string, unknown>

/** Throws Terminal NOT_J1939_JSON, FILE_NOT_FOUND. */
function read(file: string): Logs {
  const badRows: BadRow[] = []
  const vehicles = new Map<string | undefined, Vehicle>()
  for (const [index, content] of textOf(file).split('\n').entries()) {
    if (content.trim() === '') continue
    const bad = (code: string, message: string) => void badRows.push({ file, line: index + 1, code, message })
    const message = parsed(content)
    const timeMs = message && timeOf(message.time)
    const id = message?.vehicle
    if (message === undefined) bad('NOT_J1939_JSON', `the line is "${content.slice(0, 60)}": expected an object`)
    else if (timeMs === undefined) bad('BAD_TIME', '"time" is no time: expected ISO 8601, or Unix milliseconds')
    else if (id !== undefined && (typeof id !== 'string' || !isVehicleId(id)))
      bad('BAD_VEHICLE_ID', '"vehicle" is no id: expected 1 to 64 of A-Z a-z 0-9 . _ -')
    else {
      const vehicle = vehicles.get(id) ?? { frames: [], codes: new Map() }
      vehicles.set(id, vehicle)
      const heard = readingsOfDecoded([decodeJ1939Json(message)])
      for (const refusal of heard.refusals) bad(refusal.code, `${refusal.name}: ${refusal.message}`)
      if (timeMs < (vehicle.frames.at(-1)?.timeMs ?? -Infinity))
        bad('TIME_GOES_BACK', '"time" is before that of the line above: expected lines in the order of their times')
      else take(vehicle, timeMs, message.source, heard)
    }
  }
  const logs = [...vehicles]
    .filter(([, { frames }]) => frames.length > 0)
    .map(([id, { frames }]) => logOf(file, id ?? stemOf(file), id !== undefined, frames))
  if (logs.length > 0) return { logs, badRows }
  throw new Terminal(
    'NOT_J1939_JSON',
    `${file} holds no message that is read here: ${badRows[0]?.message ?? 'no known SPN'}`,
    {
      hint: 'docs/guides/signals.md shows the form',
    },
  )
}

function take({ frames, codes }: Vehicle, timeMs: number, source: unknown, heard: RawReadings): void {
  const values = Object.fromEntries(heard.readings.map(({ path, value }) => [path, value]))
  if (heard.hasDtcs) {
    codes.set(source, heard.faults)
    const faults = [...codes.values()].flat()
    frames.push({ timeMs, values, faults, dtcs: [...new Set(faults.map(({ code }) => code))] })
  } else if (heard.readings.length > 0) frames.push({ timeMs, values })
}

function parsed(content: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(content)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Message) : undefined
  } catch {
    // Whatever the parser minds, the row is told as not being an object.
    return undefined
  }
}

function timeOf(value: unknown): number | undefined {
  if (typeof value === 'string') return readTime(value, 'iso')
  return typeof value === 'number' ? readTime(String(value), 'ms') : undefined
}
