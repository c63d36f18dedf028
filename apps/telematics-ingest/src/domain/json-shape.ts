/**
 * Parts of proto3 JSON, read strictly in shape and leniently in spelling. Each throws Terminal BAD_BATCH with the place when
 * the shape is wrong.
 */
import { Terminal } from '@pitcrew/errors'

export type Json = Record<string, unknown>

/** Proto3 JSON leaves a zero out and may write a number as text ("12", "NaN"). What is no number is NaN, never 0. */
export function number(value: unknown): number {
  if (value === undefined) return 0
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN
}

export function text(value: unknown, where: string): string {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') throw bad(`${where} is not text`)
  return value
}

export function list(value: unknown, where: string): unknown[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw bad(`${where} is not a list`)
  return value
}

export function object(value: unknown, where: string): Json {
  if (!isObject(value)) throw bad(`${where} is not an object`)
  return value
}

/** Base64, also in the alphabet for URLs. */
export function bytes(value: unknown, where: string): Buffer {
  const written = text(value, where)
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(written)) throw bad(`${where} is not base64`)
  return Buffer.from(written, 'base64')
}

/** A whole number from 0 to `most`; NaN, and all else, is `most`: what judges it finds it out of range. */
export function count(value: unknown, most: number): number {
  const given = number(value)
  return Number.isInteger(given) && given >= 0 && given <= most ? given : most
}

/** camelCase as proto3 JSON writes it, or the field's own name. */
export const pick = (from: Json, camel: string, snake: string): unknown => from[camel] ?? from[snake]

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const bad = (message: string) =>
  new Terminal('BAD_BATCH', `${message}: expected telemetry.PublishRequest as JSON`, {
    hint: 'send {"frames":[{"vehicleId":"v1","deviceTimeMs":1700000000000,"readings":[{"name":"Vehicle.Speed","value":50}]}]}',
  })
