import { diagnosis } from '@pitcrew/contracts'
import { unary, type RpcService } from '@pitcrew/rpc'
import { failureTests } from '../domain/index.ts'
import type { DiagnosisDesk } from '../handlers/diagnosis-desk.ts'
import { hypothesisMessage, testsMessage } from '../messages/diagnosis.ts'
import { isoTime } from '../messages/vocabulary.ts'

export function diagnosisService({ desk }: { desk: DiagnosisDesk }): RpcService {
  const look = async (alertId: string): Promise<diagnosis.Diagnosis> => {
    const { ranking, answers } = await desk.diagnose(alertId)
    return {
      alertId,
      hypotheses: ranking.hypotheses.map(hypothesisMessage),
      confidence: ranking.confidence,
      tests: testsMessage(ranking.tests).proposals,
      answers: answers.map(({ atMs, ...answer }) => ({
        ...answer,
        question: failureTests.find(({ name }) => name === answer.test)?.question ?? '',
        at: isoTime(atMs),
      })),
    }
  }
  const implementation: diagnosis.DiagnosisServiceServer = {
    diagnoseAlert: unary(async ({ alertId }) => ({ diagnosis: await look(alertId) })),
    answerTest: unary(async ({ alertId, ...answer }) => {
      await desk.answer(alertId, answer)
      return { diagnosis: await look(alertId) }
    }),
  }
  return { definition: diagnosis.DiagnosisServiceService, implementation }
}
