/**
 * What the provider has of the fleet, for all of its APIs. Owns: the log of frames, the last of each vehicle, and when its fault
 * codes arose. Invariants:
 * 1. Every frame is taken from the fleet once and stands in the log in the order in which it arose, whichever API asked.
 * 2. A vehicle's fault codes are kept up to a bound, the oldest go first.
 */
import type { SignalFrame } from '@pitcrew/signals'
import type { Fleet } from '../vehicles/fleet.ts'
import { createFeedLog, type FeedLog } from './feed-log.ts'

export interface Report {
  vehicleId: string
  frame: SignalFrame
}

export interface CodeOccurrence {
  timeMs: number
  code: string
}

export interface VehicleReports {
  vehicleId: string
  last: SignalFrame
  /** The last one at a whole ten seconds: what a device sends less often. */
  lastSlow: SignalFrame | undefined
  occurrences: CodeOccurrence[]
}

export interface FleetReports {
  log: FeedLog<Report>
  /** Takes what has arisen until now. */
  advance(nowMs: number): void
  /** In order of their ids. */
  vehicles(): VehicleReports[]
}

const mostOccurrences = 1_000

export function fleetReports(fleet: Fleet, run: string, keepFrames: number): FleetReports {
  const log = createFeedLog<Report>(run, keepFrames)
  const byVehicle = new Map<string, VehicleReports>()

  function take({ vehicleId, frame }: Report): void {
    const known = byVehicle.get(vehicleId) ?? { vehicleId, last: frame, lastSlow: undefined, occurrences: [] }
    byVehicle.set(vehicleId, known)
    const stood = known.last === frame ? [] : (known.last.dtcs ?? [])
    for (const code of frame.dtcs ?? [])
      if (!stood.includes(code)) known.occurrences.push({ timeMs: frame.timeMs, code })
    if (known.occurrences.length > mostOccurrences) known.occurrences.shift()
    known.last = frame
    if (Math.floor(frame.timeMs / 1000) % 10 === 0) known.lastSlow = frame
  }

  return {
    log,
    advance(nowMs) {
      const reports = fleet.advance(nowMs)
      log.append(reports)
      reports.forEach(take)
    },
    vehicles: () => [...byVehicle.values()].sort((a, b) => (a.vehicleId < b.vehicleId ? -1 : 1)),
  }
}
