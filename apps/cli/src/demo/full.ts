/** L13: one vehicle from its first hot reading to the repaired car and what manufacturing learns of it. */
import { Terminal } from '@pitcrew/errors'
import type { Target } from '../api/locate.ts'
import { newVehicleId, oneVehicle } from './one-vehicle.ts'
import { onStage, type Stage } from './stage.ts'
import { tellPlatform, tellStep } from './tell-platform.ts'
import type { Teller } from './teller.ts'

export function full(target: Target, teller: Teller): Promise<boolean> {
  return onStage({ target, onStep: tellStep(teller) }, async (stage) => {
    tellPlatform(teller, stage)
    const { caseId, phase, outcome, detail } = await oneVehicle(stage, teller, newVehicleId('demo'))
    await tellBooks(stage, teller)
    teller.tell('done', `case ${phase}: ${outcome || detail}`, { phase, outcome, caseId })
    return phase === 'COMPLETED' && outcome === 'repaired'
  })
}

/** What is left of it: the summary for manufacturing, and the audit log. Throws Terminal AUDIT_BROKEN. */
async function tellBooks({ gateway }: Stage, teller: Teller): Promise<void> {
  const { failures, openCapas, diagnosisHitRate } = await gateway.quality()
  const hits = Math.round(diagnosisHitRate * 100)
  const summary = `${failures} failures on record, ${openCapas} CAPAs open, the diagnosis was right in ${hits} %`
  teller.tell('quality.summary', summary, { failures, openCapas, diagnosisHitRate })
  const { intact, records, brokenAt } = await gateway.verifyAudit()
  if (!intact)
    throw new Terminal('AUDIT_BROKEN', `record ${brokenAt} of the audit log does not follow from the one before`)
  teller.tell('audit.verified', `${records} records, the chain is intact`, { records, intact })
}
