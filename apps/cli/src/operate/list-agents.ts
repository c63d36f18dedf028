/** M3: the agents: what they are, how loaded they are and how their work went. */
import { agentTypes, type engine, type workflow } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { openGateway, type Target } from '../api/locate.ts'
import { openWorkflows } from '../api/workflows.ts'
import { green, red, yellow } from '../print/colour.ts'
import { table } from '../print/table.ts'
import { json, line } from './output.ts'

export interface AgentsOptions extends Target {
  json?: boolean
  type?: string
}

export async function listAgents({ type, ...options }: AgentsOptions): Promise<void> {
  if (type !== undefined && !agentTypes.some((one) => one === type)) {
    throw new Terminal('BAD_USAGE', `there is no type of agents "${type}"`, {
      hint: `types are ${agentTypes.join(', ')}`,
    })
  }
  const [all, { agents: records }] = await Promise.all([
    openGateway(options).agents(),
    openWorkflows(options).evaluations({ limit: 1 }),
  ])
  const agents = all.filter(({ heartbeat }) => type === undefined || heartbeat?.types.includes(type))
  if (options.json) {
    const recordsOf = (name: string | undefined) => records.filter(({ agent }) => agent === name)
    return json(agents.map((one) => ({ ...one, record: recordsOf(one.heartbeat?.agent) })))
  }
  line(agents.length === 0 ? 'no agent has made itself heard' : agentsTable(agents, records))
}

export function agentsTable(
  agents: readonly workflow.RegisteredAgent[],
  records: readonly engine.AgentStanding[],
): string {
  return table(
    ['agent', 'type', 'version', 'state', 'load', 'success', 'capabilities'],
    agents.map(({ heartbeat, blocked, alive }) => [
      heartbeat?.agent ?? '',
      (heartbeat?.types ?? []).join(' '),
      heartbeat?.version ?? '',
      blocked ? red('blocked') : alive ? green('alive') : yellow('silent'),
      heartbeat?.slots ? `${heartbeat.running} of ${heartbeat.slots}` : String(heartbeat?.running ?? 0),
      successText(records.filter(({ agent }) => agent === heartbeat?.agent)),
      (heartbeat?.capabilities ?? []).join(' '),
    ]),
  )
}

/** Over all capabilities; those at which it does badly by name. */
export function successText(records: readonly engine.AgentStanding[]): string {
  const attempts = records.reduce((sum, one) => sum + one.attempts, 0)
  if (attempts === 0) return ''
  const failures = records.reduce((sum, one) => sum + one.failures, 0)
  const bad = records.filter(({ verdict }) => verdict === 'unreliable' || verdict === 'slow')
  const share = `${Math.round(((attempts - failures) / attempts) * 100)} % of ${attempts}`
  return [share, ...bad.map(({ capability, verdict }) => `${capability} ${verdict}`)].join(', ')
}
