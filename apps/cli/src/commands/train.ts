import { Command } from 'commander'
import type { LifeFlags, RiskFlags, ThresholdsFlags } from '../train/train.ts'
import { withJson } from './target.ts'

const help = `
A model is an artefact: a file with a card (data, held-out metrics, date), whom it serves, and the model. It serves nobody until it
is registered and rolled out: ./pitcrew models --help. Without models, and where one fails, the detectors alone judge.

Examples:
  ./pitcrew train life --format cmapss --data train_FD001.txt --name turbofan --system lubrication --cycle-hours 1
  ./pitcrew train risk --data azure-pdm/ --name components --component comp1=brakes --component comp2=cooling`

const common = (name: string) =>
  withJson(new Command(name), 'print file, card and whom it serves as JSON')
    .requiredOption('--name <name>', 'of the model')
    .option('--vehicle-model <names...>', 'serve only vehicles of these models')
    .option('--out <file>', 'default: .pitcrew/models/NAME-VERSION.json')
    .addHelpText('after', help)

export function trainCommand(): Command {
  return new Command('train')
    .description('train a model from data in reach')
    .addHelpText('after', help)
    .addCommand(
      common('life')
        .description('remaining life with an interval, from units that were run to failure')
        .requiredOption('--format <name>', 'of the data: cmapss')
        .requiredOption('--data <file>', 'whole lives of units')
        .requiredOption('--system <name>', 'that fails when the life is over: cooling, lubrication, ...')
        .option('--cycle-hours <n>', 'of driving, of one step in the data', '1')
        .option('--from-new', 'vehicles are watched from their first day on: sharper for them, wrong for others')
        .action(async (flags: LifeFlags) => (await training()).trainLifeCommand(flags)),
    )
    .addCommand(
      common('risk')
        .description('which component fails next, from fault codes, maintenance and failures of a fleet')
        .requiredOption('--data <dir>', 'folder with PdM_errors.csv, PdM_failures.csv, PdM_machines.csv, PdM_maint.csv')
        .requiredOption('--component <pairs...>', 'the system of each component: comp1=brakes')
        .action(async (flags: RiskFlags) => (await training()).trainRiskCommand(flags)),
    )
    .addCommand(
      common('thresholds')
        .description('from which probability on an alert is raised, from drives of healthy vehicles')
        .requiredOption('--data <dir>', 'folder of logs of the carOBD logger, none of them with a fault')
        .action(async (flags: ThresholdsFlags) => (await training()).trainThresholdsCommand(flags)),
    )
}

const training = () => import('../train/train.ts')
