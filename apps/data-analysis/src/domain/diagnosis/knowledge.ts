/** The failure modes that diagnosis ranks. Priors and likelihoods are workshop experience, to be corrected by feedback. */
import type { VehicleSystem } from '@pitcrew/signals'
import type { FailureMode } from './failure-mode.ts'
import { bodyModes } from './knowledge-body.ts'
import { engineModes } from './knowledge-engine.ts'

export const failureModes: readonly FailureMode[] = [...engineModes, ...bodyModes]

export const modesOf = (system: VehicleSystem): FailureMode[] => failureModes.filter((mode) => mode.system === system)
