import { Command } from 'commander'
import type { EvaluateFlags } from '../evaluate/run-evaluation.ts'
import { withJson } from './target.ts'

const help = `
Data sets, and what is scored on them (protocols: docs/guides/measurements.md):
  carobd      real OBD-II drives: false alarms per 100 h, recall and lead time on injected degradations
  cmapss      NASA turbofans run to failure: RMSE of the remaining life, asymmetric score, interval coverage
  azure-pdm   machines with error codes and maintenance: precision and recall per failure
  nab         the Numenta Anomaly Benchmark: its own scoring, three profiles

Nothing is downloaded: the folder holds the set as its authors publish it. Exit code 1 when a target is missed.

Examples:
  ./pitcrew evaluate nab --data ~/data/nab
  ./pitcrew evaluate cmapss --data ~/data/cmapss --json | jq .metrics`

export const evaluateCommand = (): Command =>
  withJson(new Command('evaluate'), 'end in one line of JSON: metrics, targets, met')
    .description('score the detectors and models, as they are deployed, on a public data set')
    .argument('<set>', 'carobd, cmapss, azure-pdm or nab')
    .option('--data <dir>', 'folder of the data set, or the one that holds it; default: PITCREW_DATASETS')
    .option('--write-readme', 'put the table into README.md')
    .addHelpText('after', help)
    .action(async (set: string, flags: EvaluateFlags) => {
      const { runEvaluation } = await import('../evaluate/run-evaluation.ts')
      process.exitCode = (await runEvaluation(set, flags)) ? 0 : 1
    })
