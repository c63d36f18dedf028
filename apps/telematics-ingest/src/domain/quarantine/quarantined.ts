/**
 * What is kept of a refused frame. Invariants:
 * 1. It is bounded in size and made of values that any store takes: a device that sends megabytes of nonsense fills nothing.
 * 2. It is what can be tried again: of a frame whose rest was accepted, the refused readings, and all bytes from the bus,
 *    because only decoding tells them apart; what was accepted already is named, so that it is not accepted twice.
 * 3. Kept again, it is the same: its identity is that of what is kept.
 */
import { hash } from 'node:crypto'
import type { telemetry } from '@pitcrew/contracts'
import { isVehicleId } from '../normalise-frame.ts'

export interface QuarantineToPublish {
  /** The subject's: a vehicle id, or "unknown". */
  key: string
  id: string
  message: telemetry.Quarantined
  accepted: AcceptedPart
  /** The frame was larger than what is kept. */
  cut: boolean
}

/** What of the frame is in the stream already. */
export interface AcceptedPart {
  paths: string[]
  codes: boolean
}

export const nothingAccepted: AcceptedPart = { paths: [], codes: false }

const most = { list: 500, text: 128, obdMessages: 256, obdBytes: 512, canFrames: 2_000, canBytes: 8 }

/** `accepted`: what became of the rest of the frame; undefined when it was refused whole. */
export function quarantined(
  raw: telemetry.RawFrame,
  refusals: telemetry.Refusal[],
  now: number,
  accepted?: telemetry.Frame,
): QuarantineToPublish {
  const frame = accepted === undefined ? keptFrame(raw) : keptFrame(refusedPart(raw, refusals))
  return {
    key: quarantineKey(raw),
    id: identityOf(frame),
    message: { frame, refusals: refusals.slice(0, most.list), receivedTimeMs: now },
    accepted: accepted === undefined ? nothingAccepted : acceptedPart(accepted),
    cut: isCut(raw),
  }
}

/** The subject's key: an id that is not one cannot be a key. */
export const quarantineKey = (raw: telemetry.RawFrame): string =>
  isVehicleId(raw.vehicleId) ? raw.vehicleId : 'unknown'

export const isCodeRefusal = ({ name }: telemetry.Refusal): boolean => name === 'dtcs'

export const acceptedPart = ({ readings, hasDtcs }: telemetry.Frame): AcceptedPart => ({
  paths: readings.map(({ path }) => path),
  codes: hasDtcs,
})

/** Readings by their name as it was refused; a list of codes is one thing, so it stays whole. */
function refusedPart(raw: telemetry.RawFrame, refusals: telemetry.Refusal[]): telemetry.RawFrame {
  const names = new Set(refusals.map(({ name }) => name))
  const readings = raw.readings.filter(({ name }) => names.has(cut(name)))
  const codes = refusals.some(isCodeRefusal)
  return { ...raw, readings, ...(!codes && { dtcs: [], faults: [], hasDtcs: false }) }
}

function keptFrame(raw: telemetry.RawFrame): telemetry.RawFrame {
  return {
    vehicleId: cut(raw.vehicleId),
    deviceTimeMs: Number.isSafeInteger(raw.deviceTimeMs) ? raw.deviceTimeMs : 0,
    readings: raw.readings
      .slice(0, most.list)
      .map(({ name, value, unit }) => ({ name: cut(name), value, unit: cut(unit) })),
    dtcs: raw.dtcs.slice(0, most.list).map(cut),
    hasDtcs: raw.hasDtcs,
    vssVersion: cut(raw.vssVersion),
    obd: raw.obd.slice(0, most.obdMessages).map((bytes) => bytes.subarray(0, most.obdBytes)),
    can: raw.can
      .slice(0, most.canFrames)
      .map(({ id, extended, data }) => ({ id: id >>> 0, extended, data: data.subarray(0, most.canBytes) })),
    faults: raw.faults.slice(0, most.list).map((fault) => ({ ...fault, code: cut(fault.code) })),
  }
}

const isCut = ({ readings, dtcs, obd, can, faults }: telemetry.RawFrame): boolean =>
  Math.max(readings.length, dtcs.length, faults.length) > most.list ||
  obd.length > most.obdMessages ||
  can.length > most.canFrames ||
  obd.some(({ length }) => length > most.obdBytes)

function identityOf(frame: telemetry.RawFrame): string {
  const { vehicleId, deviceTimeMs, readings, dtcs, hasDtcs, vssVersion, obd, can, faults } = frame
  const content = [
    ...[vehicleId, deviceTimeMs, vssVersion, hasDtcs, dtcs.join(' ')],
    ...readings.map(({ name, value, unit }) => `${name} ${value} ${unit}`),
    ...obd.map((bytes) => `obd ${bytes.toString('hex')}`),
    ...can.map(({ id, extended, data }) => `can ${id} ${extended} ${data.toString('hex')}`),
    ...faults.map(({ code, status, lamp, occurrences }) => `${code} ${status} ${lamp} ${occurrences}`),
  ].join('\n')
  return `quarantine:${hash('sha256', content, 'hex').slice(0, 24)}`
}

const cut = (text: string) => text.slice(0, most.text).toWellFormed()
