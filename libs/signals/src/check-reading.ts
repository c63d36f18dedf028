import { signal } from './catalogue/index.ts'
import { pathOfPid } from './obd-pids.ts'
import { convert, parseUnit } from './units.ts'

export type RejectionCode =
  'UNKNOWN_SIGNAL' | 'UNKNOWN_UNIT' | 'INCOMPATIBLE_UNIT' | 'NOT_A_NUMBER' | 'OUT_OF_RANGE' | 'IMPLAUSIBLE_RATE'

export type CheckedReading =
  { ok: true; path: string; value: number } | { ok: false; path: string; code: RejectionCode; message: string }

const refuse = (path: string, code: RejectionCode, message: string): CheckedReading => ({
  ok: false,
  path,
  code,
  message,
})

/**
 * One raw reading as a canonical path and a value in the catalogue's unit, or the reason why it is refused.
 * `name` is a VSS path, an alias of one, or a mode 01 PID ("0105"); an empty `unit` means the catalogue's own.
 */
export function checkReading(name: string, value: number, unit = ''): CheckedReading {
  const entry = signal(pathOfPid(name) ?? name)
  if (!entry)
    return refuse(name, 'UNKNOWN_SIGNAL', `${name} is not in the catalogue: expected a VSS path or a mode 01 PID`)
  if (typeof value !== 'number' || !Number.isFinite(value))
    return refuse(entry.path, 'NOT_A_NUMBER', `${entry.path} is ${value}: expected a finite number`)
  let normalised: number | undefined = value
  if (unit !== '' && unit !== entry.unit) {
    const parsed = parseUnit(unit)
    if (!parsed)
      return refuse(entry.path, 'UNKNOWN_UNIT', `unit "${unit}" is unknown: ${entry.path} is carried in ${entry.unit}`)
    normalised = convert(value, parsed, entry.unit)
    if (normalised === undefined)
      return refuse(
        entry.path,
        'INCOMPATIBLE_UNIT',
        `${unit} does not measure ${entry.path}, which is carried in ${entry.unit}`,
      )
  }
  if (normalised < entry.min || normalised > entry.max)
    return refuse(
      entry.path,
      'OUT_OF_RANGE',
      `${entry.path} is ${normalised} ${entry.unit}: expected ${entry.min} to ${entry.max}`,
    )
  return { ok: true, path: entry.path, value: normalised }
}

/** Whether a signal can have moved from one value to the other in that time; false is IMPLAUSIBLE_RATE. */
export function plausibleRate(path: string, previous: number, value: number, elapsedSeconds: number): boolean {
  const limit = signal(path)?.maxRatePerSecond
  if (limit === undefined) return true
  // A poll can be late by a second without its time stamp saying so.
  return Math.abs(value - previous) <= limit * (Math.max(elapsedSeconds, 0) + 1)
}
