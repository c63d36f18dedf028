/** N3: a model of component failures from fault codes, maintenance and failures of a fleet. */
import { trainRisk, type RiskOptions, type UnitHistory } from '@pitcrew/detection'
import { folds, ratios, rule, scoreOf } from '../evaluate/azure-pdm/evaluate-azure-pdm.ts'
import { heldOut } from '../evaluate/azure-pdm/held-out.ts'
import { historiesOf } from '../evaluate/azure-pdm/histories.ts'
import { readAzurePdm } from '../evaluate/azure-pdm/read-azure-pdm.ts'
import { codeOfError } from '../replay/azure-pdm-codes.ts'
import type { Artefact } from './artefact.ts'
import type { Training } from './training.ts'

export interface RiskWishes {
  /** By component. */
  systems: Readonly<Record<string, string>>
  vehicleModels: readonly string[]
}

/** Throws Terminal DATA_SET_INCOMPLETE, RISK_TRAINING_EMPTY. */
export async function trainRiskModel(
  training: Omit<Training, 'text' | 'format'>,
  wishes: RiskWishes,
): Promise<Artefact> {
  const { file: dir, sha256, card, onProgress } = training
  const fleet = historiesOf(await readAzurePdm(dir)).map(asTold)
  const options: RiskOptions = { horizonHours: rule.horizonHours }
  onProgress(`${fleet.length} machines: held-out figures first, then all of them`)
  const { precision = NaN, recall = NaN } = ratios(scoreOf(heldOut(fleet, { folds, options }), fleet))
  const model = trainRisk(fleet, options)
  const rows = fleet.reduce((sum, { events }) => sum + events.length, 0)
  const description = `${fleet.length} machines: codes, maintenance, failures`
  return {
    card: {
      ...card,
      kind: 'risk',
      data: { description, units: fleet.length, rows, sha256 },
      metrics: { precision, recall },
      parameters: { ...options, folds },
    },
    serves: { ...wishes },
    model: { ...model },
  }
}

/** With the codes that vehicles send. */
const asTold = (unit: UnitHistory): UnitHistory => ({
  ...unit,
  events: unit.events.map((event) =>
    event.kind === 'codes' ? { ...event, codes: event.codes.map(codeOfError) } : event,
  ),
})
