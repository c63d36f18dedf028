/** One frame of one vehicle: on the hot path, so it allocates only when there is something to tell. */
import type { telemetry } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import type { Delivery } from '@pitcrew/messaging'
import { attributes, injectTrace, inSpan, type Telemetry } from '@pitcrew/observability'
import { snapshotOf, watch, type Watch } from '../domain/index.ts'
import type { Surroundings } from '../domain/surroundings.ts'
import { alertMessage } from '../messages/alert.ts'
import { signalFrameOf } from '../messages/frame.ts'
import type { Tally } from '../metrics.ts'
import type { AlertChange, WatchedVehicle } from './ports.ts'

type Frame = Delivery<telemetry.Frame>
type Decision = Watch['decisions'][number]

/** Gives the decisions that follow from the frame. Terminal FRAME_NOT_ANALYSABLE when the detectors cannot take it. */
export function advanceVehicle(
  watched: WatchedVehicle,
  { message, sequence }: Frame,
  surroundings: Surroundings,
  tally: Tally,
): Decision[] {
  const { state } = watched
  watched.sequence = sequence
  if (message.hasDtcs) watched.reportsCodes = true
  // The detectors learn rates of change, so time must go forward: a frame older than the vehicle's newest is counted in
  // the state and left out. Nothing is lost by it but the one look; ingest and stream keep the order of a vehicle's frames.
  if (message.deviceTimeMs < state.lastMs) tally.late++
  else tally.analysed++
  try {
    const { findings, decisions, broken } = watch(state, signalFrameOf(message), surroundings)
    tally.findings += findings.length
    tally.broken.push(...broken)
    return decisions
  } catch (cause) {
    throw new Terminal('FRAME_NOT_ANALYSABLE', `frame ${sequence} stopped the detectors`, {
      cause,
      hint: 'replay it from the dead letters once the detectors can take it',
    })
  }
}

/** The decision as it is stored, in the trace of the frame that it follows from. */
export async function alertChangeOf(
  telemetry: Telemetry,
  { state, reportsCodes }: WatchedVehicle,
  { message, context }: Frame,
  decision: Decision,
): Promise<AlertChange> {
  const { kind, alertId, revision } = decision
  if (kind === 'clear') return { kind: 'cleared', alertId, revision }
  if (kind === 'reopen') return { kind: 'reopened', alertId, revision }
  const { assessment } = decision
  const { vehicleId } = state
  const told = state.alerts[assessment.system]
  const raisedAtMs = told?.status === 'open' ? told.raisedAtMs : message.deviceTimeMs
  const span = { [attributes.vehicleId]: vehicleId, [attributes.caseId]: alertId }
  return inSpan(telemetry, `${kind} alert`, { parent: context, attributes: span }, async () => {
    const trace: Record<string, string> = {}
    injectTrace({ set: (name, value) => void (trace[name] = value) })
    return {
      kind: kind === 'raise' ? 'raised' : 'escalated',
      alert: alertMessage({ alertId, vehicleId, raisedAtMs, revision, assessment }),
      // Of this very frame: a later one of the batch moves the state on.
      snapshot: snapshotOf(state, assessment, reportsCodes),
      trace,
    }
  })
}
