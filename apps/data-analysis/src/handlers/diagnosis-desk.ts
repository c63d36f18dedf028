/** The diagnosis of an alert at any time after it was raised: the same nodes and ranking as in its case, with answers. */
import { analysis } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { failureTests, rankHypotheses, type Answer, type Ranking } from '../domain/index.ts'
import { nodeResultOf } from '../messages/diagnosis.ts'
import { alertOfTask } from './alert-of-task.ts'
import { faultCodesTask } from './fault-codes.ts'
import { fleetPeersTask } from './fleet-peers.ts'
import type { PlanStore } from './planned-maintenance/ports.ts'
import type { CaseFiles } from './ports.ts'
import { signalEvidenceTask } from './signal-evidence.ts'
import { similarFailuresTask } from './similar-failures.ts'
import { vehicleHistoryTask } from './vehicle-history.ts'

export interface GivenAnswer extends Answer {
  subject: string
  note: string
  atMs: number
}

export interface AnswerStore {
  /** The oldest first. */
  of(alertId: string): Promise<GivenAnswer[]>
  /** Takes the place of another answer to the same test. */
  put(alertId: string, answer: GivenAnswer): Promise<void>
}

export interface DiagnosisDesk {
  /** Throws Terminal NOT_FOUND. */
  diagnose(alertId: string): Promise<{ ranking: Ranking; answers: GivenAnswer[] }>
  /** Throws Terminal NOT_FOUND, UNKNOWN_TEST. */
  answer(alertId: string, answer: Omit<GivenAnswer, 'atMs'>): Promise<void>
}

interface Parts {
  files: CaseFiles
  plans: Pick<PlanStore, 'list'>
  answers: AnswerStore
  now(): number
}

/** The whole record, as the last pass of a case looks. */
const widest = 3

export function diagnosisDesk({ files, plans, answers, now }: Parts): DiagnosisDesk {
  const nodes = [
    signalEvidenceTask(files, plans),
    faultCodesTask(files),
    vehicleHistoryTask(files, now),
    fleetPeersTask(files, now),
    similarFailuresTask(files, now),
  ]
  return {
    async diagnose(alertId) {
      const { snapshot } = await alertOfTask(files, { alertId })
      const request = analysis.DiagnoseRequest.fromPartial({ alertId, iteration: widest })
      const results = await Promise.all(nodes.map((node) => node(request)))
      const given = await answers.of(alertId)
      const ranking = rankHypotheses({
        system: snapshot.system,
        results: results.flatMap((result) => nodeResultOf(result) ?? []),
        answers: given,
      })
      return { ranking, answers: given }
    },
    async answer(alertId, answer) {
      const { system } = (await alertOfTask(files, { alertId })).snapshot
      const known = failureTests.filter((test) => test.system === system).map(({ name }) => name)
      if (!known.includes(answer.test))
        throw new Terminal('UNKNOWN_TEST', `there is no test ${JSON.stringify(answer.test)} of ${system}`, {
          hint: `expected one of ${known.join(', ')}`,
        })
      await answers.put(alertId, { ...answer, atMs: now() })
    },
  }
}
