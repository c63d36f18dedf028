import { signal, signals, vssVersion as currentVersion } from './catalogue/index.ts'
import { unitIn, unknownVersion } from './catalogue/vss-versions.ts'
import { pidNames } from './obd/pid-table.ts'
import type { Signal } from './signal.ts'
import { convert, parseUnit } from './units.ts'

export type RejectionCode =
  | 'UNKNOWN_VSS_VERSION'
  | 'UNKNOWN_SIGNAL'
  | 'UNKNOWN_UNIT'
  | 'INCOMPATIBLE_UNIT'
  | 'NOT_A_NUMBER'
  | 'OUT_OF_RANGE'
  | 'IMPLAUSIBLE_RATE'

export type CheckedReading =
  { ok: true; path: string; value: number } | { ok: false; path: string; code: RejectionCode; message: string }

const refuse = (path: string, code: RejectionCode, message: string): CheckedReading => ({
  ok: false,
  path,
  code,
  message,
})

/** Canonical paths and PIDs in one look-up: this is asked for each reading of each frame. Aliases are rarer. */
const byName = new Map<string, Signal>(signals.map((entry) => [entry.path, entry]))
for (const [name, path] of pidNames) {
  const entry = signal(path)
  if (entry) byName.set(name, entry)
}

/**
 * One raw reading as a canonical path and a value in the catalogue's unit, or the reason why it is refused.
 * `name` is a VSS path, an alias of one, or a service 01 PID ("0105"); `vssVersion` the version that it is of, empty for the
 * catalogue's own. An empty `unit` means that of the version, which for the current one is the catalogue's.
 */
export function checkReading(name: string, value: number, unit = '', vssVersion = ''): CheckedReading {
  const entry = byName.get(name) ?? signal(name)
  if (!entry)
    return refuse(name, 'UNKNOWN_SIGNAL', `${name} is not in the catalogue: expected a VSS path or a service 01 PID`)
  if (typeof value !== 'number' || !Number.isFinite(value))
    return refuse(entry.path, 'NOT_A_NUMBER', `${entry.path} is ${value}: expected a finite number`)
  let from: string = unit
  if (vssVersion !== '' && vssVersion !== currentVersion) {
    const bare = unitIn(vssVersion, entry)
    if (bare === undefined) return refuse(entry.path, 'UNKNOWN_VSS_VERSION', unknownVersion(vssVersion))
    from = unit === '' ? bare : unit
  }
  if (from === '' || from === entry.unit) return inRange(entry, value)
  const parsed = parseUnit(from)
  if (!parsed)
    return refuse(entry.path, 'UNKNOWN_UNIT', `unit "${unit}" is unknown: ${entry.path} is carried in ${entry.unit}`)
  const converted = convert(value, parsed, entry.unit)
  if (converted === undefined)
    return refuse(
      entry.path,
      'INCOMPATIBLE_UNIT',
      `${unit} does not measure ${entry.path}, which is carried in ${entry.unit}`,
    )
  return inRange(entry, converted)
}

function inRange(entry: Signal, value: number): CheckedReading {
  if (value >= entry.min && value <= entry.max) return { ok: true, path: entry.path, value }
  return refuse(
    entry.path,
    'OUT_OF_RANGE',
    `${entry.path} is ${value} ${entry.unit}: expected ${entry.min} to ${entry.max}`,
  )
}

/** Whether a signal can have moved from one value to the other in that time; false is IMPLAUSIBLE_RATE. */
export function plausibleRate(path: string, previous: number, value: number, elapsedSeconds: number): boolean {
  const limit = signal(path)?.maxRatePerSecond
  if (limit === undefined) return true
  // A poll can be late by a second without its time stamp saying so.
  return Math.abs(value - previous) <= limit * (Math.max(elapsedSeconds, 0) + 1)
}
