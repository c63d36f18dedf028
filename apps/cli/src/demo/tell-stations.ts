/** Tells the way of one case: each event that is a station, each phase once, what the diagnosis found, what was learned. */
import { analysis, manufacturing } from '@pitcrew/contracts'
import type { Gateway } from '../api/gateway.ts'
import type { PlatformEvent } from '../api/events.ts'
import { standingOf, stationOf, type CaseStanding } from './stations.ts'
import type { Teller } from './teller.ts'

export interface Narrator {
  onEvent(event: PlatformEvent): void
  /** What was asked of the platform meanwhile has been told. */
  settled(): Promise<void>
}

export function narrate(gateway: Gateway, teller: Teller): Narrator {
  let phase = ''
  let asking: Promise<void> = Promise.resolve()
  function onPhase({ phase: entered, caseId, detail, outcome }: CaseStanding): void {
    phase = entered
    // Of several steps side by side the first speaks for all.
    const more = outcome || detail.split(', ')[0]
    teller.tell('case.phase', more ? `${entered}: ${more}` : entered, { phase: entered, caseId, outcome, detail })
    if (entered === 'URGENCY_ASSESSMENT') asking = asking.then(() => tellDiagnosis(gateway, teller, caseId))
    if (entered === 'COMPLETED') asking = asking.then(() => tellLesson(gateway, teller, caseId))
  }
  return {
    onEvent(event) {
      const station = stationOf(event)
      if (station) teller.tell(station.event, station.words, station.fields)
      const standing = standingOf(event)
      if (standing && standing.phase !== phase) onPhase(standing)
    },
    settled: () => asking,
  }
}

async function tellDiagnosis(gateway: Gateway, teller: Teller, caseId: string): Promise<void> {
  const { diagnose } = (await gateway.case(caseId)).values ?? {}
  const { hypotheses, confidence } = analysis.RankHypothesesResponse.fromJSON(diagnose ?? {})
  const [first] = hypotheses
  if (first === undefined) return
  const { failureMode, component, probability } = first
  const words = `${failureMode} (${component}), ${Math.round(probability * 100)} %`
  teller.tell('diagnosis.made', words, { failureMode, component, probability, confidence })
}

async function tellLesson(gateway: Gateway, teller: Teller, caseId: string): Promise<void> {
  const recorded = (await gateway.case(caseId)).values?.['record-failure']
  if (recorded === undefined) return
  const { failureId, capaId, capaOpened } = manufacturing.RecordFailureResponse.fromJSON(recorded)
  const capa = capaId === '' ? 'no CAPA yet' : `${capaOpened ? 'opens' : 'joins'} CAPA ${capaId}`
  teller.tell('failure.recorded', `${failureId}, ${capa}`, { failureId, capaId, capaOpened })
}
