import type { analysis } from '@pitcrew/contracts'
import { featuresOf, similarFailures } from '../domain/index.ts'
import { nodeMessage } from '../messages/diagnosis.ts'
import { alertOfTask } from './alert-of-task.ts'
import { lookBackMs } from './look-back.ts'
import type { CaseFiles } from './ports.ts'

/** Task diagnosis.similar-failures: what alike cases turned out to be; each pass looks further back. */
export function similarFailuresTask(files: Pick<CaseFiles, 'alert' | 'pastFailures'>, now: () => number) {
  return async (request: analysis.DiagnoseRequest): Promise<analysis.DiagnoseResponse> => {
    const { snapshot } = await alertOfTask(files, request)
    const { system } = snapshot
    const cases = await files.pastFailures(system, lookBackMs(request.iteration, now()))
    return nodeMessage(similarFailures({ system, features: featuresOf(snapshot), cases }))
  }
}
