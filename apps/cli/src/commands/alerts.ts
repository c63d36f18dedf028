import { Command, Option } from 'commander'
import { withJson, withTarget } from './target.ts'

const help = `
An alert opens a case; acknowledging it says that somebody knows, and the case goes on. Rules keep the fleet from being told:
ignore leaves evidence out, cap lowers the urgency. Evidence is a fault code or a monitor's name, as in the list. All of it
is audited.

Examples:
  ./pitcrew alerts list --status open
  ./pitcrew alerts acknowledge truck-7-cooling-mhz3k1 --note "the driver is here"
  ./pitcrew alerts ignore etios-p0420 --model etios --evidence P0420 --reason "bulletin 26-114: false until the update"
  ./pitcrew alerts ignore truck-7-cooling --vehicle truck-7 --system cooling --until 2026-12-01 --reason "part ordered"
  ./pitcrew alerts cap brakes --system brakes --at high --reason "the workshop is full until Monday"
  ./pitcrew alerts audit`

const common = (name: string) => withJson(withTarget(new Command(name))).addHelpText('after', help)

const rule = (name: string) =>
  common(name)
    .argument('<rule>', 'a name for it; given again, the rule is replaced')
    .option('--vehicle <id>', 'only this vehicle')
    .option('--model <name>', 'only vehicles of this model')
    .option('--system <name>', 'only this system: cooling, brakes, ...')
    .option('--evidence <name>', 'only this fault code or monitor')
    .option('--until <time>', 'ends then: 2026-12-01, 2026-12-01T12:00Z, or after 12h, 7d')
    .requiredOption('--reason <text>', 'why, for whoever meets it later')

export function alertsCommand(): Command {
  return new Command('alerts')
    .description('see alerts, say who knows of them, and what the fleet is not to be told')
    .addHelpText('after', help)
    .addCommand(
      common('list')
        .description('the newest first')
        .option('--vehicle <id>', 'of this vehicle')
        .option('--status <names>', 'open, cleared, ended; comma-separated')
        .option('--limit <n>', 'at most so many', '50')
        .action(async (options) => (await operations()).listAlerts(options)),
    )
    .addCommand(
      common('acknowledge')
        .description('somebody knows of it')
        .argument('<alert>')
        .option('--note <text>', 'what they know', '')
        .action(async (alert, options) => (await operations()).acknowledgeAlert(alert, options)),
    )
    .addCommand(
      common('rules')
        .description('the rules in force')
        .action(async (options) => (await operations()).listRules(options)),
    )
    .addCommand(
      rule('ignore')
        .description('evidence that matches does not count')
        .action(async (id, options) => (await operations()).putRule(id, 'ignore', options)),
    )
    .addCommand(
      rule('cap')
        .description('an alert with evidence that matches is at most so urgent')
        .addOption(new Option('--at <urgency>').choices(['low', 'medium', 'high']).makeOptionMandatory())
        .action(async (id, options) => (await operations()).putRule(id, 'cap', options)),
    )
    .addCommand(
      common('end-rule')
        .description('what it kept back counts again')
        .argument('<rule>')
        .option('--reason <text>', 'for the audit', '')
        .action(async (id, options) => (await operations()).endRule(id, options)),
    )
    .addCommand(
      common('audit')
        .description('who changed rules, alerts and models, and why')
        .argument('[object]', '"alert ID", "rule ID" or "model NAME"', '')
        .option('--limit <n>', 'at most so many', '50')
        .action(async (object, options) => (await operations()).showAudit(object, options)),
    )
}

const operations = () => import('../operate/alerts/alerts.ts')
