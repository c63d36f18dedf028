import { Command } from 'commander'
import { withJson, withTarget } from './target.ts'

const help = `
A plan is done again and again: every so many km, engine hours, months, whichever comes first. When it comes due for a vehicle
that sends telemetry, the vehicle's system gets an alert of at most medium urgency, once, and a case as any other; a visit that
replaces the plan's component or a part of it has done it. Vehicles that send nothing are listed by date, and no alert tells of
them. Odometer and engine hours come from telemetry; how much a vehicle is used gives the date on which it is expected.

Examples:
  ./pitcrew maintenance put oil-etios --what "oil service" --model etios --km 15000 --months 12 --system lubrication \\
      --part "engine oil" --part "oil filter" --hours 0.7
  ./pitcrew maintenance put tacho-7 --what "tachograph check" --vehicle truck-7 --months 24 --notice-days 30 --system transmission
  ./pitcrew maintenance due
  ./pitcrew maintenance due --vehicle truck-7 --state scheduled,due,overdue
  ./pitcrew maintenance done oil-etios truck-7 --at 2026-11-02 --km 214300 --note "at the roadside"`

const common = (name: string) => withJson(withTarget(new Command(name))).addHelpText('after', help)
const collect = (value: string, before: string[]) => [...before, value]

export function maintenanceCommand(): Command {
  return new Command('maintenance')
    .description('services by distance, engine hours and date: plans, what is due, what was done')
    .addHelpText('after', help)
    .addCommand(
      common('plans')
        .description('the plans there are')
        .action(async (options) => (await operations()).listPlans(options)),
    )
    .addCommand(putCommand())
    .addCommand(
      common('end')
        .description('it is no longer due; what was done stays on record')
        .argument('<plan>')
        .option('--reason <text>', 'for the audit', '')
        .action(async (id, options) => (await operations()).endPlan(id, options)),
    )
    .addCommand(
      common('due')
        .description('what is due, what is over first')
        .option('--vehicle <id>', 'of this vehicle')
        .option('--plan <id>', 'of this plan')
        .option('--state <names>', 'scheduled, due, overdue; comma-separated')
        .option('--limit <n>', 'at most so many', '50')
        .action(async (options) => (await operations()).listDue(options)),
    )
    .addCommand(
      common('done')
        .description('it was done, otherwise than by a case')
        .argument('<plan>')
        .argument('<vehicle>')
        .option('--at <time>', 'when; now without')
        .option('--km <km>', 'odometer then')
        .option('--engine-hours <hours>', 'engine hours then')
        .option('--note <text>', 'by whom, where', '')
        .action(async (id, vehicle, options) => (await operations()).recordDone(id, vehicle, options)),
    )
}

const putCommand = () =>
  common('put')
    .description('put a plan, or another in its place')
    .argument('<plan>', 'a name for it; given again, the plan is replaced')
    .requiredOption('--what <text>', '"oil service"')
    .requiredOption('--system <name>', 'what it is about: cooling, brakes, ...')
    .option('--vehicle <id>', 'for this vehicle')
    .option('--model <name>', 'for vehicles of this model')
    .option('--km <km>', 'every so many')
    .option('--engine-hours <hours>', 'every so many')
    .option('--months <n>', 'every so many')
    .option('--notice-share <share>', 'of an interval, in which it comes due (0.1 without)')
    .option('--notice-km <km>', 'instead of the share of the distance')
    .option('--notice-days <days>', 'before the date on which it is expected')
    .option('--component <name>', 'a visit that replaced it has done the service')
    .option('--part <name>', 'that it takes; again for each', collect, [])
    .option('--hours <hours>', 'labour', '1')
    .option('--reason <text>', 'for the audit')
    .action(async (id, options) => (await operations()).putPlan(id, options))

const operations = () => import('../operate/maintenance/maintenance.ts')
