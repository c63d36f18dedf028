/** F1: plans goals in the process of the engine: by a model where one is configured, by rules otherwise. */
import type { AgentStanding, Json, LocalAgent } from '@pitcrew/workflow'
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

export function localAgents(config: Config, registry: Pick<AgentRegistry, 'list'>): Record<string, LocalAgent> {
  const model = modelPlanner(config)
  const rules = rulePlanner(vehicleRules)
  const agents = selectAgents(({ capability }) => standings(registry, capability), Date.now)
  const plan: LocalAgent = async (input, { signal }) => {
    const { goal } = input as { goal?: unknown }
    const made = await planned(goal, { catalogue: vehicleCatalogue, rules, ...(model && { model }), agents }, signal)
    return made as unknown as Json
  }
  return { [planGoal.name]: plan }
}

/** One that does not say how many tasks it takes at once takes one more than it has. */
function standings(registry: Pick<AgentRegistry, 'list'>, capability: string): AgentStanding[] {
  return registry.list().flatMap(({ heartbeat, blocked }) => {
    if (!heartbeat?.capabilities.includes(capability)) return []
    const { agent, capabilities, expertise, version, running, slots, at } = heartbeat
    return {
      id: agent,
      capabilities,
      expertise,
      version,
      running,
      slots: slots || running + 1,
      blocked,
      heardAt: at === undefined ? 0 : Date.parse(at),
      record: { succeeded: 0, failed: 0 },
    }
  })
}
