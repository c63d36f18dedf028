import type { analysis } from '@pitcrew/contracts'
import { fleetPeers } from '../domain/index.ts'
import { nodeMessage } from '../messages/diagnosis.ts'
import { alertOfTask } from './alert-of-task.ts'
import { peersSinceMs } from './look-back.ts'
import type { CaseFiles } from './ports.ts'

/** Task diagnosis.fleet-peers: vehicles of the same model; each pass takes in those that were seen longer ago. */
export function fleetPeersTask(files: Pick<CaseFiles, 'alert' | 'peers'>, now: () => number) {
  return async (request: analysis.DiagnoseRequest): Promise<analysis.DiagnoseResponse> => {
    const { alert, snapshot } = await alertOfTask(files, request)
    const { system, levels } = snapshot
    const peers = await files.peers(alert.vehicleId, peersSinceMs(request.iteration, now()))
    return nodeMessage(fleetPeers({ system, levels, peers }))
  }
}
