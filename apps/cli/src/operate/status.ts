import type { workflow } from '@pitcrew/contracts'
import { openGateway, type Target } from '../api/locate.ts'
import { bold, green, red, yellow } from '../print/colour.ts'
import { duration } from '../print/duration.ts'
import { table } from '../print/table.ts'
import { json, line } from './output.ts'

export async function status(options: Target & { json?: boolean }): Promise<void> {
  const gateway = openGateway(options)
  const [statistics, agents] = await Promise.all([gateway.statistics(), gateway.agents()])
  if (options.json) return json({ url: gateway.url, statistics, agents })
  line(`${bold('Pitcrew')} at ${gateway.url}\n`)
  line(statisticsTable(statistics))
  line(`\n${table(['agent', 'state', 'running', 'capabilities'], agents.map(agentRow))}`)
}

export function statisticsTable(statistics: workflow.GetStatisticsResponse): string {
  const { total, active, completed, failed, cancelled, errors, byPhase, averageCompletionSeconds } = statistics
  const phases = Object.entries(byPhase).filter(([, count]) => count > 0)
  return [
    `cases ${total}: ${active} active, ${completed} completed, ${failed} failed, ${cancelled} cancelled`,
    `urgent ${statistics.urgentHandled}, engaged ${statistics.customersEngaged}, scheduled ${statistics.appointmentsScheduled}, errors ${errors}, ` +
      `on average ${duration(averageCompletionSeconds * 1000)}`,
    ...(phases.length > 0 ? ['', table(['phase', 'cases'], phases)] : []),
  ].join('\n')
}

function agentRow({ heartbeat, blocked, alive }: workflow.RegisteredAgent): (string | number)[] {
  const state = blocked ? red('blocked') : alive ? green('alive') : yellow('silent')
  return [heartbeat?.agent ?? '', state, heartbeat?.running ?? 0, (heartbeat?.capabilities ?? []).join(' ')]
}
