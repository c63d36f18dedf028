/**
 * A machine's diagnostic trouble codes over time (ISO 15143-3:2020, FaultCodes). The standard tells when a code arose and
 * never when it went, while a frame says which codes stand at its time: so a code stands with all that came before it on the
 * same day (UTC). That makes a frame depend on its day alone, and the same day read again gives the same frames.
 */
import { telemetry } from '@pitcrew/contracts'
import { z } from 'zod'
import type { EntryRefusals } from '../../../domain/entry-refusals.ts'
import { codeOf, faultReport } from '../fault-report.ts'
import { instant, isObject } from '../provider-json.ts'
import type { ProviderVehicle, ValueFrames } from '../value-frames.ts'

export interface Occurrence {
  timeMs: number
  report: telemetry.FaultReport
}

const identifier = z.union([z.string().max(64), z.number().transform(String)])
const severity = z.string().nullish().catch(undefined)

export function readOccurrences(entries: readonly unknown[], where: string, refusals: EntryRefusals): Occurrence[] {
  return entries.flatMap((entry, i) => {
    const at = `${where}[${i}]`
    if (!isObject(entry)) return (refusals.add('BAD_ENTRY', at), [])
    const time = instant.safeParse(entry.datetime)
    if (!time.success) return (refusals.add('BAD_TIME', at), [])
    const given = identifier.safeParse(entry.codeidentifier)
    const code = given.success ? codeOf(given.data) : undefined
    if (code === undefined) return (refusals.add('BAD_FAULT_CODE', at), [])
    const lamp = lampOf(severity.parse(entry.codeseverity) ?? '')
    const status = telemetry.FaultStatus.CONFIRMED
    return [{ timeMs: time.data, report: faultReport(code, { status, lamp }) }]
  })
}

export const startOfDay = (timeMs: number) => Math.floor(timeMs / 86_400_000) * 86_400_000

/** Frames for what arose after `afterMs`; what came before it on the same day stands with it. */
export function addOccurrences(
  vehicle: ProviderVehicle,
  occurrences: readonly Occurrence[],
  afterMs: number,
  values: ValueFrames,
): void {
  const inOrder = [...occurrences].sort((a, b) => a.timeMs - b.timeMs)
  let day = NaN
  let standing: telemetry.FaultReport[] = []
  for (const [i, { timeMs, report }] of inOrder.entries()) {
    if (startOfDay(timeMs) !== day) standing = []
    day = startOfDay(timeMs)
    standing = [...standing.filter(({ code }) => code !== report.code), report]
    const lastOfMoment = inOrder[i + 1]?.timeMs !== timeMs
    if (lastOfMoment && timeMs > afterMs) values.codes(vehicle, timeMs, standing)
  }
}

/** Makers word the severity as they like: only a word that names a lamp of SAE J1939-73 is taken for one. */
function lampOf(severity: string): telemetry.FaultLamp {
  const { RED_STOP, AMBER_WARNING, MALFUNCTION, PROTECT, UNSPECIFIED } = telemetry.FaultLamp
  if (/\b(red|stop)\b/i.test(severity)) return RED_STOP
  if (/\b(amber|yellow|warning)\b/i.test(severity)) return AMBER_WARNING
  if (/\b(mil|malfunction)\b/i.test(severity)) return MALFUNCTION
  return /\bprotect\b/i.test(severity) ? PROTECT : UNSPECIFIED
}
