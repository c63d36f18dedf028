/** A model as it serves: an artefact that was read, and what its answers are about. */
import { Terminal } from '@pitcrew/errors'
import {
  readLifeModel,
  readModelCard,
  readRiskModel,
  type LifeModel,
  type ModelCard,
  type RiskModel,
} from '@pitcrew/detection'
import { readThresholds, type AlertThresholds } from '../alert-thresholds.ts'
import { vehicleSystems, type VehicleSystem } from '@pitcrew/signals'

export type ServedModel =
  | (Common & {
      kind: 'life'
      model: LifeModel
      system: VehicleSystem
      /** Readings are averaged over so long before the model sees them: the step in which it was trained. */
      cycleHours: number
    })
  | (Common & {
      kind: 'risk'
      model: RiskModel
      /** What each of the model's components belongs to; one that is missing is not served. */
      systems: Readonly<Record<string, VehicleSystem>>
    })
  | (Common & { kind: 'thresholds'; thresholds: AlertThresholds })

interface Common {
  name: string
  version: string
  /** Models of vehicles that it is for; empty for all. */
  vehicleModels: readonly string[]
}

export interface Artefact {
  card: ModelCard
  served: ServedModel
}

/** From the JSON that ./pitcrew train wrote. Throws Terminal MODEL_INVALID. */
export function readArtefact(text: string): Artefact {
  const { card, serves, model } = record(parsed(text), 'the artefact')
  const known = readModelCard(card)
  const { name, version } = known
  const about = record(serves, 'serves')
  const common = { name, version, vehicleModels: texts(about.vehicleModels ?? [], 'serves.vehicleModels') }
  switch (known.kind) {
    case 'life':
      return {
        card: known,
        served: {
          ...common,
          kind: 'life',
          model: readLifeModel({ ...record(model, 'model'), card }),
          system: systemOf(about.system, 'serves.system'),
          cycleHours: cycleOf(about.cycleHours),
        },
      }
    case 'risk':
      return {
        card: known,
        served: { ...common, kind: 'risk', model: readRiskModel(model), systems: systemsOf(about.systems) },
      }
    case 'thresholds':
      return { card: known, served: { ...common, kind: 'thresholds', thresholds: readThresholds(model) } }
    default:
      throw invalid(`its kind is ${JSON.stringify(known.kind)}: expected life, risk or thresholds`)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalid('it is not JSON', cause)
  }
}

function systemsOf(value: unknown): Record<string, VehicleSystem> {
  const systems = record(value, 'serves.systems')
  return Object.fromEntries(
    Object.entries(systems).map(([component, system]) => [component, systemOf(system, `serves.systems.${component}`)]),
  )
}

function systemOf(value: unknown, where: string): VehicleSystem {
  const system = vehicleSystems.find((one) => one === value)
  if (system === undefined)
    throw invalid(`${where} is ${JSON.stringify(value)}: expected one of ${vehicleSystems.join(', ')}`)
  return system
}

/** A minute to a year. */
function cycleOf(value: unknown): number {
  if (typeof value === 'number' && value >= 1 / 60 && value <= 8_766) return value
  throw invalid(`serves.cycleHours is ${JSON.stringify(value)}: expected hours, from a minute to a year`)
}

function texts(value: unknown, where: string): string[] {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value
  throw invalid(`${where} is ${JSON.stringify(value)}: expected a list of names`)
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw invalid(`${where} is ${JSON.stringify(value)?.slice(0, 40)}: expected an object`)
}

const invalid = (why: string, cause?: unknown) =>
  new Terminal('MODEL_INVALID', `this is no artefact of a model: ${why}`, {
    cause,
    hint: 'expected what ./pitcrew train writes: {"card", "serves", "model"}',
  })
