/**
 * What a device passes on as it came from the bus, as readings and codes. Owns: which decoder sees which bytes, and one
 * verdict on each piece.
 *
 * Invariants:
 * 1. Nothing is thrown, whatever the bytes are.
 * 2. Every reading is finite and within its signal's plausible range; what is not is a refusal that names it.
 * 3. Messages that nobody here reads are no news: bus traffic of other PGNs and requests of testers pass silently.
 * 4. A path and a code stand once: the newest value of the bus, and for a code the gravest thing that was said of it. A
 *    refusal of the same thing for the same reason stands once as well: buses repeat themselves.
 */
import { canRefusal, type CanFrame } from './can/can-frame.ts'
import { createIsoTp, isObdResponse } from './can/iso-tp.ts'
import { checkReading } from './check-reading.ts'
import { createJ1939Reader } from './j1939/read-frames.ts'
import { decodeObd } from './obd/decode-obd.ts'
import type { RawFault } from './raw-fault.ts'
import type { Decoded, Measured, RawRefusal } from './raw-measurement.ts'

export interface RawMessages {
  /** SAE J1979 responses, service + 0x40 first. */
  obd: readonly Uint8Array[]
  /** In the order of the bus. A message of several frames is only read when all of them are here. */
  can: readonly CanFrame[]
}

export interface RawReadings {
  /** In the catalogue's unit. */
  readings: { path: string; value: number }[]
  faults: RawFault[]
  refusals: RawRefusal[]
  /**
   * Whether `faults` holds the whole list of confirmed codes of the senders (J1979 service 03, J1939 DM1), which may be
   * empty. Pending and permanent codes alone say nothing of what is confirmed.
   */
  hasDtcs: boolean
}

export function readingsOfRaw(raw: RawMessages): RawReadings {
  const collected = collect()
  for (const bytes of raw.obd) collected.take(decodeObd(bytes))
  if (raw.can.length > 0) readCan(raw.can, collected.take)
  return collected.result()
}

/** What was decoded elsewhere (J1939 as JSON, logger text), checked against the catalogue like everything else. */
export function readingsOfDecoded(messages: readonly Decoded[]): RawReadings {
  const collected = collect()
  for (const message of messages) collected.take(message)
  return collected.result()
}

function readCan(frames: readonly CanFrame[], take: (decoded: Decoded) => void): void {
  const isoTp = createIsoTp()
  const j1939 = createJ1939Reader()
  for (const frame of frames) {
    const refusal = canRefusal(frame)
    if (refusal) take(refused([refusal]))
    else if (isObdResponse(frame)) {
      const step = isoTp.accept(frame)
      if (step.refusals.length > 0) take(refused(step.refusals))
      // ISO 15765-4 puts the count before the codes.
      if (step.message) take(decodeObd(step.message, { countByte: true }))
    } else if (frame.extended) take(j1939.accept(frame))
  }
  take(refused(isoTp.end()))
  take(j1939.end())
}

const refused = (refusals: RawRefusal[]): Decoded => ({ readings: [], faults: [], refusals, hasDtcs: false })

function collect() {
  const values = new Map<string, number>()
  const faults = new Map<string, RawFault>()
  const refusals = new Map<string, RawRefusal>()
  let hasDtcs = false
  const refuse = (refusal: RawRefusal) => {
    const key = `${refusal.code} ${refusal.name}`
    if (!refusals.has(key)) refusals.set(key, refusal)
  }
  const takeReading = ({ path, value, unit }: Measured) => {
    const checked = checkReading(path, value, unit)
    if (checked.ok) values.set(checked.path, checked.value)
    else refuse({ name: checked.path, code: checked.code, message: checked.message })
  }
  return {
    take(decoded: Decoded) {
      for (const measured of decoded.readings) takeReading(measured)
      for (const fault of decoded.faults) faults.set(fault.code, graver(faults.get(fault.code), fault))
      for (const refusal of decoded.refusals) refuse(refusal)
      hasDtcs ||= decoded.hasDtcs
    },
    result: (): RawReadings => ({
      readings: Array.from(values, ([path, value]) => ({ path, value })),
      faults: [...faults.values()],
      refusals: [...refusals.values()],
      hasDtcs,
    }),
  }
}

const statuses = ['PENDING', 'CONFIRMED', 'PERMANENT'] as const
const lamps = ['NONE', 'PROTECT', 'AMBER_WARNING', 'MALFUNCTION', 'RED_STOP'] as const

function graver(before: RawFault | undefined, now: RawFault): RawFault {
  if (!before) return now
  const worse = <T>(order: readonly T[], a: T, b: T): T => (order.indexOf(a) > order.indexOf(b) ? a : b)
  return {
    code: now.code,
    // A permanent code is also listed as confirmed while it is active; confirmed is what counts then.
    status: confirmedOf(before, now) ?? worse(statuses, before.status, now.status),
    lamp: worse(lamps, before.lamp, now.lamp),
    occurrences: Math.max(before.occurrences, now.occurrences),
  }
}

const confirmedOf = (a: RawFault, b: RawFault) =>
  a.status === 'CONFIRMED' || b.status === 'CONFIRMED' ? ('CONFIRMED' as const) : undefined
