/** F1: plans goals in the process of the engine: by a model where one is configured, by rules otherwise. */
import type { Json, LocalAgent } from '@pitcrew/workflow'
import type { Config } from '../config.ts'
import {
  modelPlanner,
  planGoal,
  planned,
  rulePlanner,
  selectAgents,
  vehicleCatalogue,
  vehicleRules,
} from '../planning/index.ts'
import type { AgentRegistry } from './agent-registry.ts'

export function localAgents(config: Config, registry: Pick<AgentRegistry, 'standings'>): Record<string, LocalAgent> {
  const model = modelPlanner(config)
  const rules = rulePlanner(vehicleRules)
  const agents = selectAgents(({ capability }) => registry.standings(capability), Date.now)
  const plan: LocalAgent = async (input, { signal }) => {
    const { goal } = input as { goal?: unknown }
    const made = await planned(goal, { catalogue: vehicleCatalogue, rules, ...(model && { model }), agents }, signal)
    return made as unknown as Json
  }
  return { [planGoal.name]: plan }
}
