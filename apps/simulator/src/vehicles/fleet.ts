/**
 * The synthetic vehicles and their clocks. Owns: who is in the fleet, the device time of each vehicle, its fault.
 *
 * Invariants:
 * 1. Nothing happens by itself: `advance(now)` brings every vehicle up to `now` and gives the frames that arose.
 * 2. Device times of a vehicle rise by one second a frame and are never ahead of `now`.
 * 3. A vehicle with a history begins that far in the past and runs `speedUp` times as fast until it has caught up, so a
 *    fault develops with its true physics, only sooner.
 */
import { Terminal } from '@pitcrew/errors'
import type { SignalFrame } from '@pitcrew/signals'
import { inject } from '../faults/index.ts'
import { paths } from './signal-paths.ts'
import { createSyntheticVehicle } from './synthetic-vehicle.ts'

export interface VehicleWish {
  vehicleId: string
  seed?: number | string
  fault?: string
  faultParameters?: Record<string, number>
  /** Seconds of driving before now; default 0. */
  historySeconds?: number
  /** Simulated seconds in one real second while it catches up; default 1. */
  speedUp?: number
}

export interface VehicleStatus {
  vehicleId: string
  fault: string | undefined
  deviceTimeMs: number
  frames: number
  odometerKm: number
}

export interface Fleet {
  /** Throws Terminal ALREADY_EXISTS, BAD_VEHICLE_ID, BAD_SPEED_UP, BAD_HISTORY, UNKNOWN_FAULT. */
  add(wish: VehicleWish, nowMs: number): VehicleStatus
  advance(nowMs: number): { vehicleId: string; frame: SignalFrame }[]
  list(): VehicleStatus[]
  remove(vehicleId: string): void
  find(vehicleId: string): VehicleStatus | undefined
  /** The workshop has mended it: the fault is gone. False when there is no such vehicle. */
  repair(vehicleId: string): boolean
}

interface Member {
  vehicleId: string
  next: (timeMs: number) => SignalFrame
  overlay: ((frame: SignalFrame) => SignalFrame) | undefined
  fault: string | undefined
  speedUp: number
  deviceTimeMs: number
  advancedAtMs: number
  frames: number
  odometerKm: number
}

const second = 1000
/** Who has not been looked at for longer was parked meanwhile. */
const longestAbsenceMs = 10 * 60 * second

export function createFleet(): Fleet {
  const members = new Map<string, Member>()

  const statusOf = ({ vehicleId, fault, deviceTimeMs, frames, odometerKm }: Member): VehicleStatus => ({
    vehicleId,
    fault,
    deviceTimeMs,
    frames,
    odometerKm,
  })

  function framesOf(member: Member, nowMs: number): SignalFrame[] {
    const elapsed = nowMs - member.advancedAtMs
    if (elapsed > longestAbsenceMs) member.deviceTimeMs += elapsed - longestAbsenceMs
    const until = Math.min(nowMs, member.deviceTimeMs + Math.min(elapsed, longestAbsenceMs) * member.speedUp)
    member.advancedAtMs = nowMs
    const frames: SignalFrame[] = []
    while (member.deviceTimeMs + second <= until) {
      member.deviceTimeMs += second
      const healthy = member.next(member.deviceTimeMs)
      frames.push(member.overlay?.(healthy) ?? healthy)
    }
    // What is left of a second counts next time.
    member.advancedAtMs -= (until - member.deviceTimeMs) / member.speedUp
    member.frames += frames.length
    member.odometerKm = (frames.at(-1)?.values[paths.odometer] ?? member.odometerKm * 1000) / 1000
    return frames
  }

  return {
    add(wish, nowMs) {
      check(wish, members)
      const { vehicleId, fault, historySeconds = 0, speedUp = 1 } = wish
      const member: Member = {
        vehicleId,
        next: createSyntheticVehicle(wish.seed ?? vehicleId),
        overlay: fault === undefined ? undefined : inject(fault, wish.faultParameters),
        fault,
        speedUp,
        deviceTimeMs: nowMs - historySeconds * second,
        advancedAtMs: nowMs,
        frames: 0,
        odometerKm: 0,
      }
      members.set(vehicleId, member)
      return statusOf(member)
    },
    advance: (nowMs) =>
      [...members.values()].flatMap((member) =>
        framesOf(member, nowMs).map((frame) => ({ vehicleId: member.vehicleId, frame })),
      ),
    remove: (vehicleId) => void members.delete(vehicleId),
    list: () => [...members.values()].map(statusOf),
    find: (vehicleId) => (members.has(vehicleId) ? statusOf(members.get(vehicleId)!) : undefined),
    repair(vehicleId) {
      const member = members.get(vehicleId)
      if (!member) return false
      member.overlay = member.fault = undefined
      return true
    },
  }
}

function check({ vehicleId, historySeconds = 0, speedUp = 1 }: VehicleWish, members: Map<string, Member>): void {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(vehicleId))
    throw new Terminal('BAD_VEHICLE_ID', 'vehicleId is missing or not an id: expected 1 to 64 of A-Z a-z 0-9 . _ -')
  if (members.has(vehicleId))
    throw new Terminal('ALREADY_EXISTS', `${vehicleId} is in the fleet already`, { hint: 'choose another vehicleId' })
  if (!(speedUp >= 1 && speedUp <= 600)) throw new Terminal('BAD_SPEED_UP', `speedUp is ${speedUp}: expected 1 to 600`)
  if (!(historySeconds >= 0 && historySeconds <= 86_400))
    throw new Terminal('BAD_HISTORY', `historySeconds is ${historySeconds}: expected 0 to 86400, one day`)
}
