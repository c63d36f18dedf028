/**
 * A JSON body as raw frames (proto3 JSON of telemetry.PublishRequest, camelCase or snake_case). The shape must be right,
 * else the whole body is refused, with the place named; what the values are worth is for normalisation to say. JSON's
 * null, text and booleans never turn into a number by accident: they become NaN and are quarantined.
 */
import type { telemetry } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'

type Json = Record<string, unknown>

export function readBatch(body: unknown): telemetry.RawFrame[] {
  if (!isObject(body) || !Array.isArray(body.frames)) throw bad('the body is not {"frames": [...]}')
  return body.frames.map((frame, i) => readRawFrame(frame, `frames[${i}]`))
}

export function readRawFrame(frame: unknown, where: string): telemetry.RawFrame {
  if (!isObject(frame)) throw bad(`${where} is not an object`)
  return {
    vehicleId: text(pick(frame, 'vehicleId', 'vehicle_id'), `${where}.vehicleId`),
    deviceTimeMs: number(pick(frame, 'deviceTimeMs', 'device_time_ms')),
    readings: list(frame.readings, `${where}.readings`).map((entry, i) =>
      readReading(entry, `${where}.readings[${i}]`),
    ),
    dtcs: list(frame.dtcs, `${where}.dtcs`).map((entry, i) => text(entry, `${where}.dtcs[${i}]`)),
    hasDtcs: pick(frame, 'hasDtcs', 'has_dtcs') === true,
  }
}

function readReading(entry: unknown, where: string): telemetry.RawReading {
  if (!isObject(entry)) throw bad(`${where} is not an object`)
  return {
    name: text(entry.name, `${where}.name`),
    value: number(entry.value),
    unit: text(entry.unit, `${where}.unit`),
  }
}

/** Proto3 JSON leaves a zero out and may write a number as text ("12", "NaN"). */
function number(value: unknown): number {
  if (value === undefined) return 0
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN
}

function text(value: unknown, where: string): string {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') throw bad(`${where} is not text`)
  return value
}

function list(value: unknown, where: string): unknown[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw bad(`${where} is not a list`)
  return value
}

const pick = (object: Json, camel: string, snake: string) => object[camel] ?? object[snake]

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const bad = (message: string) =>
  new Terminal('BAD_BATCH', `${message}: expected telemetry.PublishRequest as JSON`, {
    hint: 'send {"frames":[{"vehicleId":"v1","deviceTimeMs":1700000000000,"readings":[{"name":"Vehicle.Speed","value":50}]}]}',
  })
