import { Command } from 'commander'
import { withJson, withTarget } from './target.ts'

const help = `
A model serves some vehicles first (a canary); how they fare beside the others is in the list. One that cannot be read
serves nobody: the detectors alone judge then. Every change is audited.

Examples:
  ./pitcrew models register brakes.json
  ./pitcrew models canary brakes 20261120T101500Z --share 10
  ./pitcrew models list
  ./pitcrew models promote brakes 20261120T101500Z --reason "no unconfirmed alert in a week"
  ./pitcrew models rollback brakes --reason "alerts on new vehicles"`

const common = (name: string) => withJson(withTarget(new Command(name))).addHelpText('after', help)

export function modelsCommand(): Command {
  const models = new Command('models')
    .description('see and roll out the models that analysis serves')
    .addHelpText('after', help)
  return models
    .addCommand(
      common('list')
        .description('versions, whom they serve and what those vehicles have met since')
        .argument('[name]', 'only versions of this model')
        .action(async (name, options) => (await operations()).listModels(name, options)),
    )
    .addCommand(
      common('show')
        .description('its card, and what was done with it')
        .argument('<name>')
        .argument('<version>')
        .action(async (name, version, options) => (await operations()).showModel(name, version, options)),
    )
    .addCommand(
      common('register')
        .description('hand in what ./pitcrew train wrote; it serves nobody yet')
        .argument('<file>')
        .action(async (file, options) => (await operations()).registerModel(file, options)),
    )
    .addCommand(
      common('canary')
        .description('let it serve a share of the vehicles')
        .argument('<name>')
        .argument('<version>')
        .requiredOption('--share <percent>', 'of the vehicles; may be raised later')
        .option('--reason <text>', 'for the audit', '')
        .action(async (name, version, options) => (await operations()).rollOutModel(name, version, options)),
    )
    .addCommand(
      common('promote')
        .description('let it serve all, after an hour as a canary')
        .argument('<name>')
        .argument('<version>')
        .option('--reason <text>', 'for the audit', '')
        .option('--skip-canary', 'at once; needs a reason')
        .action(async (name, version, options) => (await operations()).rollOutModel(name, version, options)),
    )
    .addCommand(
      common('rollback')
        .description('end the canary, or go back to what served before')
        .argument('<name>')
        .option('--reason <text>', 'for the audit', '')
        .action(async (name, options) => (await operations()).rollBackModel(name, options)),
    )
}

const operations = () => import('../operate/models/models.ts')
