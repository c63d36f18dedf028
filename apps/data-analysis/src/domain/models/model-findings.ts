/**
 * What the models that serve a vehicle say, beside its detectors. Invariants:
 * 1. A model that throws is left out for the vehicle until another version serves it: the detectors' path never depends on it.
 * 2. Memory is of one version: another one begins anew.
 * 3. Memory of a model that no longer serves the vehicle goes.
 */
import { toFailure } from '@pitcrew/errors'
import type { SignalFrame } from '@pitcrew/signals'
import type { Finding } from '../finding.ts'
import type { Surroundings } from '../surroundings.ts'
import { advanceLife, beginLife, lifeFindings } from './life-findings.ts'
import type { ModelMemory } from './model-memory.ts'
import { advanceRisk, beginRisk, noteReplacement, riskFindings } from './risk-findings.ts'
import type { ServedModel } from './served-model.ts'

/** Thresholds see no readings: they act where findings become alerts. */
type Remembering = Exclude<ServedModel, { kind: 'thresholds' }>

export type ModelMemories = Record<string, ModelMemory>

export interface BrokenModel {
  name: string
  version: string
  why: string
}

export interface ModelsSaid {
  findings: Finding[]
  /** Those that threw at this very frame. */
  broken: BrokenModel[]
}

export const modelsSilent: ModelsSaid = { findings: [], broken: [] }

/** Takes the frame in (`memories` is changed) and gives what the models say now. */
export function modelFindings(memories: ModelMemories, frame: SignalFrame, around: Surroundings): ModelsSaid {
  const { served } = around
  for (const name in memories) if (!served.some((model) => model.name === name)) delete memories[name]
  if (served.length === 0) return modelsSilent
  const said: ModelsSaid = { findings: [], broken: [] }
  for (const model of served) {
    if (model.kind === 'thresholds') continue
    const { name, version } = model
    const before = memories[name]
    const memory = before?.version === version ? before : begin(model, frame.timeMs, around)
    memories[name] = memory
    try {
      said.findings.push(...advance(model, memory, frame))
    } catch (thrown) {
      const why = toFailure(thrown).message.slice(0, 200)
      memories[name] = { kind: 'broken', version, why }
      said.broken.push({ name, version, why })
    }
  }
  return said
}

/** For the models that judge by when a component was replaced. */
export function noteRepair(memories: ModelMemories, { served }: Surroundings, component: string, atMs: number): void {
  for (const model of served) {
    const memory = memories[model.name]
    if (model.kind === 'risk' && memory?.kind === 'risk' && memory.version === model.version)
      noteReplacement(model, memory, component, atMs)
  }
}

function begin(model: Remembering, nowMs: number, around: Surroundings): ModelMemory {
  switch (model.kind) {
    case 'life':
      return beginLife(model)
    case 'risk':
      return beginRisk(model, around, nowMs)
  }
}

function advance(model: Remembering, memory: ModelMemory, frame: SignalFrame): Finding[] {
  if (model.kind === 'life' && memory.kind === 'life') {
    advanceLife(model, memory, frame)
    return lifeFindings(model, memory)
  }
  if (model.kind === 'risk' && memory.kind === 'risk') {
    advanceRisk(model, memory, frame)
    return riskFindings(model, memory)
  }
  return modelsSilent.findings
}
