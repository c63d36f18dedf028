import type { Command } from 'commander'
import type { StartOptions } from '../../operate/workflows/start.ts'
import { about, collect } from './options.ts'

const examples = [
  'start planned-goal --input goal.json --wait',
  `start planned-goal --input '{"goal":{"text":"…"}}' --id goal-2026-11-20`,
  'start nightly --definition --version 3 --attribute priority=1 --input - < input.json',
]

export const startCommand = (): Command =>
  about('start', 'start a workflow; with --wait also print its result', ...examples)
    .argument('<template>', 'name of a template, or with --definition of a definition')
    .option('--input <json>', 'JSON, a file that holds it, or - for standard input')
    .option('--id <id>', 'of the workflow: the same start again under it changes nothing; default a new one')
    .option('--definition', 'start a definition that has no template')
    .option('--version <n>', 'of the definition; default the newest')
    .option('--attribute <key=value>', 'search attribute; may be given again', collect, [])
    .option('--wait', 'until it has ended: exit code 0 when it completed, else 1')
    .option('--timeout <seconds>', 'wait no longer; 0 is without end', '0')
    .action(async (template: string, options: StartOptions) => {
      const { startWorkflow } = await import('../../operate/workflows/start.ts')
      process.exitCode = (await startWorkflow(template, options)) ? 0 : 1
    })
