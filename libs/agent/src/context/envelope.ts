/**
 * How a value of the shared context stands in its bucket.
 * The subject is `$KV.context.<space>.value.<key>`, of a lock `$KV.context.<space>.lock.<name>`; space, key and name are one
 * token each, escaped.
 */
import { escapeToken, unescapeToken, type Versioned } from '@pitcrew/messaging'
import type { Json } from '../json.ts'

export interface Stored {
  value?: Json
  /** Who wrote it: "<service>.<instance>". */
  by: string
  /** Highest fencing token under which it was written. */
  fence?: number
  removed?: true
}

/** A value as it was at one version. */
export interface ContextEntry<T extends Json = Json> {
  key: string
  value: T
  /** Grows with every change, not by one. */
  version: number
  by: string
  /** ISO 8601, by the broker's clock. */
  at: string
}

/** `value` undefined: it was deleted. */
export interface ContextChange {
  key: string
  value: Json | undefined
  version: number
  by: string
  at: string
}

export const valuesOf = (space: string): string => `${escapeToken(space)}.value`
export const valueKey = (space: string, key: string): string => `${valuesOf(space)}.${escapeToken(key)}`
export const lockKey = (space: string, name: string): string => `${escapeToken(space)}.lock.${escapeToken(name)}`

export function changeOf({ key, revision, value, at }: Versioned): ContextChange {
  const stored = (value ?? { by: '', removed: true }) as Stored
  return {
    key: unescapeToken(key.split('.').at(-1)!),
    value: stored.removed ? undefined : stored.value,
    version: revision,
    by: stored.by,
    at,
  }
}

export function entryOf<T extends Json>(change: ContextChange | undefined): ContextEntry<T> | undefined {
  if (change?.value === undefined) return undefined
  return { ...change, value: change.value as T }
}
