import { Command } from 'commander'
import type { AgentsOptions } from '../operate/list-agents.ts'
import { withJson, withTarget } from './target.ts'

const examples = `
Examples:
  ./pitcrew agents list                              who is there, what each can do, how loaded and how reliable it is
  ./pitcrew agents list --type scheduling --json`

export function agentsCommand(): Command {
  const agents = new Command('agents').description('see the agents that do the work').addHelpText('after', examples)
  return agents.addCommand(
    withJson(withTarget(new Command('list')))
      .description('type, version, load and success of each agent, and what it can do')
      .option(
        '--type <name>',
        'data-analysis, diagnosis, customer-engagement, scheduling, feedback, manufacturing-quality',
      )
      .addHelpText('after', examples)
      .action(async (options: AgentsOptions) => {
        const { listAgents } = await import('../operate/list-agents.ts')
        await listAgents(options)
      }),
  )
}
