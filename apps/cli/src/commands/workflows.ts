import { Command } from 'commander'
import { catalogueCommands } from './workflows/catalogue.ts'
import { decidingCommands } from './workflows/deciding.ts'
import { readingCommands } from './workflows/reading.ts'
import { startCommand } from './workflows/start.ts'
import { steeringCommands } from './workflows/steering.ts'
import { verifyCommand } from './workflows/verify.ts'

const help = `
A workflow runs a definition, and is started by a template, which checks its input. Wherever an id is asked for, its first
characters do. --json prints JSON for other programs; times are 2026-11-20, 2026-11-20T12:00Z, or how long ago: 90m, 12h, 7d.

Examples:
  ./pitcrew workflows templates                          what can be started, and what its input looks like
  ./pitcrew workflows start planned-goal --input goal.json --wait
  ./pitcrew workflows list --status FAILED --since 24h
  ./pitcrew workflows show 0199c2                        where it stands, what was decided and why, who is waited for
  ./pitcrew workflows approve 0199c2 --comment "looks right"
  ./pitcrew workflows draw 0199c2 now.svg                its graph, with how far it is
  ./pitcrew workflows bulk retry --status FAILED --definition vehicle-case --dry-run
  ./pitcrew workflows verify                             whether the workflow log is sound`

export function workflowsCommand(): Command {
  const workflows = new Command('workflows').description('start workflows, see what they do, and steer them')
  workflows.addHelpText('after', help)
  const commands = [
    ...catalogueCommands(),
    startCommand(),
    ...readingCommands(),
    ...steeringCommands(),
    ...decidingCommands(),
    verifyCommand(),
  ]
  for (const command of commands) workflows.addCommand(command as Command)
  return workflows
}
