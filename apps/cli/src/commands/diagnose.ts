import { Command } from 'commander'
import { withJson, withTarget } from './target.ts'

const help = `
What the alert may be about, most probable first, with what speaks for and against each, and the questions and measurements that
would tell them apart. Answers are kept with the alert, change the ranking, and are audited.

Examples:
  ./pitcrew diagnose truck-7-cooling-mhz3k1
  ./pitcrew diagnose truck-7-cooling-mhz3k1 --yes coolant-puddle --no pump-noise --note "the driver, by telephone"`

const collect = (value: string, before: string[]) => [...before, value]

export const diagnoseCommand = (): Command =>
  withJson(withTarget(new Command('diagnose')))
    .description('what an alert may be about, and what would tell; takes answers')
    .addHelpText('after', help)
    .argument('<alert>')
    .option('--yes <test>', 'the answer to this test is yes; again for each', collect, [])
    .option('--no <test>', 'the answer to this test is no; again for each', collect, [])
    .option('--note <text>', 'who says so', '')
    .action(async (alert, options) => (await import('../operate/diagnose.ts')).diagnoseAlert(alert, options))
