import type { analysis } from '@pitcrew/contracts'
import { assessUrgency } from '../domain/index.ts'
import { intervalMessage, urgencyMessage } from '../messages/vocabulary.ts'
import { alertOfTask } from './alert-of-task.ts'
import type { CaseFiles } from './ports.ts'

/** Task analysis.assess-urgency: L3 by the time to failure as the alert knows it last, with the diagnosis. */
export function assessUrgencyTask(files: Pick<CaseFiles, 'alert'>) {
  return async (request: analysis.AssessUrgencyRequest): Promise<analysis.AssessUrgencyResponse> => {
    const { snapshot } = await alertOfTask(files, request)
    const { urgency, timeToFailure, safetyRelevant, explanation } = assessUrgency({
      system: snapshot.system,
      timeToFailure: snapshot.timeToFailure,
      failureMode: request.hypothesis?.failureMode,
    })
    return {
      urgency: urgencyMessage(urgency),
      timeToFailure: intervalMessage(timeToFailure),
      safetyRelevant,
      explanation,
    }
  }
}
