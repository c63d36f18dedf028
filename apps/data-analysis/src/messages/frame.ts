import { telemetry } from '@pitcrew/contracts'
import type { RawFault, SignalFrame } from '@pitcrew/signals'

/** On the hot path: one object for the frame, one for its values. */
export function signalFrameOf({ deviceTimeMs, readings, dtcs, hasDtcs, faults }: telemetry.Frame): SignalFrame {
  const values: Record<string, number> = {}
  for (const { path, value } of readings) values[path] = value
  if (!hasDtcs) return { timeMs: deviceTimeMs, values }
  if (faults.length === 0) return { timeMs: deviceTimeMs, values, dtcs }
  return { timeMs: deviceTimeMs, values, dtcs, faults: faults.map(faultOf) }
}

const { FaultLamp, FaultStatus } = telemetry

function faultOf({ code, status, lamp, occurrences }: telemetry.FaultReport): RawFault {
  return { code, status: statusOf(status), lamp: lampOf(lamp), occurrences }
}

/** A device that does not tell means an active code. */
function statusOf(status: telemetry.FaultStatus): RawFault['status'] {
  switch (status) {
    case FaultStatus.PENDING:
      return 'PENDING'
    case FaultStatus.PERMANENT:
      return 'PERMANENT'
    default:
      return 'CONFIRMED'
  }
}

function lampOf(lamp: telemetry.FaultLamp): RawFault['lamp'] {
  switch (lamp) {
    case FaultLamp.PROTECT:
      return 'PROTECT'
    case FaultLamp.AMBER_WARNING:
      return 'AMBER_WARNING'
    case FaultLamp.MALFUNCTION:
      return 'MALFUNCTION'
    case FaultLamp.RED_STOP:
      return 'RED_STOP'
    default:
      return 'NONE'
  }
}
