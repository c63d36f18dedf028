import { inspect } from 'node:util'
import { Terminal, toFailure, type Failure } from '@pitcrew/errors'
import { Command, CommanderError } from 'commander'
import { agentsCommand } from './commands/agents.ts'
import { alertsCommand } from './commands/alerts.ts'
import { backupCommand } from './commands/backup.ts'
import { benchCommand } from './commands/bench.ts'
import { casesCommand } from './commands/cases.ts'
import { diagnoseCommand } from './commands/diagnose.ts'
import { demoCommand } from './commands/demo.ts'
import { devicesCommand } from './commands/devices.ts'
import { doctorCommand } from './commands/doctor.ts'
import { downCommand } from './commands/down.ts'
import { evaluateCommand } from './commands/evaluate.ts'
import { maintenanceCommand } from './commands/maintenance.ts'
import { modelsCommand } from './commands/models.ts'
import { provisionCommand } from './commands/provision.ts'
import { quarantineCommand } from './commands/quarantine.ts'
import { replayCommand } from './commands/replay.ts'
import { runCommand } from './commands/run.ts'
import { statusCommand } from './commands/status.ts'
import { testCommand } from './commands/test.ts'
import { trainCommand } from './commands/train.ts'
import { upCommand } from './commands/up.ts'
import { vehiclesCommand } from './commands/vehicles.ts'
import { workflowsCommand } from './commands/workflows.ts'
import { tellParent } from './platform/parent.ts'
import { exitCodeOf, failureText } from './print/failure.ts'

const examples = `
Examples:
  ./pitcrew up                       start everything on this machine, Ctrl-C ends it
  ./pitcrew demo                     watch one vehicle from the first hot reading to the repaired car
  ./pitcrew replay log.csv --format carobd --inject coolant-leak --speed max
  ./pitcrew cases list               what is open, and why
  ./pitcrew workflows list           workflows of any kind: start, see and steer them
  ./pitcrew test                     every check and every test`

export function program(): Command {
  const pitcrew = new Command('pitcrew')
    .description('Predictive maintenance for vehicle fleets: from telemetry to a repaired vehicle.')
    .addHelpText('after', examples)
    .enablePositionalOptions()
  const commands = [upCommand, downCommand, demoCommand, replayCommand, statusCommand, casesCommand, doctorCommand]
  for (const command of [
    ...commands,
    alertsCommand,
    diagnoseCommand,
    maintenanceCommand,
    workflowsCommand,
    agentsCommand,
    vehiclesCommand,
    devicesCommand,
    quarantineCommand,
    backupCommand,
    runCommand,
    provisionCommand,
    benchCommand,
    evaluateCommand,
    trainCommand,
    modelsCommand,
    testCommand,
  ])
    pitcrew.addCommand(command())
  throwInsteadOfExit(pitcrew)
  return pitcrew
}

function throwInsteadOfExit(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => {} })
  for (const one of command.commands) throwInsteadOfExit(one as Command)
}

/** Exit codes: 0 it worked, 1 it did not, 2 it was asked wrongly. */
export async function runCli(args: readonly string[]): Promise<number> {
  try {
    await program().parseAsync([...args], { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0
    const failure = thrown instanceof CommanderError ? usageFailure(thrown, args) : toFailure(thrown)
    process.stderr.write(failureText(explained(failure)))
    if (process.env.PITCREW_DEBUG) process.stderr.write(`${inspect(thrown)}\n`)
    const { code, message, hint } = failure
    tellParent({ failed: { code, message, hint } })
    return exitCodeOf(failure)
  }
}

/** What nobody classified is a fault of ours: who meets it should at least find out where it is. */
function explained({ code, message, hint }: Failure): Pick<Failure, 'code' | 'message' | 'hint'> {
  return { code, message, hint: hint ?? (code === 'INTERNAL' ? 'PITCREW_DEBUG=1 shows where it happened' : undefined) }
}

function usageFailure({ code, message }: CommanderError, args: readonly string[]): Terminal {
  if (code === 'commander.help') return new Terminal('BAD_USAGE', 'no command was given', { hint: './pitcrew --help' })
  const known = program().commands.find((command) => command.name() === args[0])
  const hint = `./pitcrew ${known === undefined ? '' : `${known.name()} `}--help`
  return new Terminal('BAD_USAGE', message.replace(/^error: /, ''), { hint })
}
