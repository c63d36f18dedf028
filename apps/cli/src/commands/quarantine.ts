import { Command } from 'commander'
import type { ListOptions, SelectOptions } from '../operate/quarantine/quarantine.ts'
import { withJson, withTarget } from './target.ts'

const help = `
What is refused at the doors (an unknown signal, a value out of range, a clock that runs ahead) is kept for a while with the
reason. After a change, of the catalogue or of a limit, it can be run through the intake again; what is accepted then leaves.

Examples:
  ./pitcrew quarantine list --code OUT_OF_RANGE,UNKNOWN_SIGNAL --since 12h
  ./pitcrew quarantine show quarantine:3f…               what the device sent, and why it was refused
  ./pitcrew quarantine replay quarantine:3f…
  ./pitcrew quarantine replay --code FUTURE_DATED        all with this reason
  ./pitcrew quarantine discard --vehicle v1
  ./pitcrew quarantine discard --all`

export function quarantineCommand(): Command {
  const quarantine = new Command('quarantine')
    .description('see what vehicles sent and was refused, and try it again')
    .addHelpText('after', help)
  return quarantine
    .addCommand(
      withFilter(common('list', '--code OUT_OF_RANGE,UNKNOWN_SIGNAL --since 12h'))
        .description('what was refused, the last seen first')
        .option('--limit <n>', 'at most so many', '50')
        .action(async (options: ListOptions) => (await operations()).listQuarantined(options)),
    )
    .addCommand(
      common('show', 'quarantine:3f…')
        .description('one of them: what the device sent, and why it was refused')
        .argument('<id>')
        .action(async (id: string, options: ListOptions) => (await operations()).showQuarantined(id, options)),
    )
    .addCommand(
      withFilter(common('replay', '--code FUTURE_DATED'))
        .description('run them through the intake again')
        .argument('[ids...]', 'these; or all that --vehicle, --code and --since let through')
        .option('--all', 'all of them')
        .option('--limit <n>', 'of those that the filter lets through at most so many, first seen first', '1000')
        .action(async (ids: string[], options: SelectOptions) => (await operations()).replayQuarantined(ids, options)),
    )
    .addCommand(
      withFilter(common('discard', '--vehicle v1'))
        .description('throw them away')
        .argument('[ids...]', 'these; or all that --vehicle, --code and --since let through')
        .option('--all', 'all of them')
        .action(async (ids: string[], options: SelectOptions) => (await operations()).discardQuarantined(ids, options)),
    )
}

const common = (name: string, example: string): Command =>
  withJson(withTarget(new Command(name))).addHelpText('after', `\nExample:\n  ./pitcrew quarantine ${name} ${example}`)

const withFilter = (command: Command): Command =>
  command
    .option('--vehicle <id>', 'only of this vehicle')
    .option('--code <names>', 'only with one of these reasons, separated by commas')
    .option('--since <time>', 'only seen at this time or later: 2026-11-20, 2026-11-20T12:00Z, 90m, 12h, 7d')

const operations = () => import('../operate/quarantine/quarantine.ts')
