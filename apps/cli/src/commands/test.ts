import { Command, InvalidArgumentError } from 'commander'
import type { TestOptions } from '../checks/run-tests.ts'
import { withJson } from './target.ts'

const help = `
Checks are format, protobuf, types and lint; then come the tests of each project, then those of the whole line. What has
not changed since it last passed is not run again.

Examples:
  ./pitcrew test                      everything
  ./pitcrew test scheduling           the tests of one project
  ./pitcrew test lint                 one check
  ./pitcrew test workflow --seeds 100000
                                      the engine's simulation with more seeds than the usual 10,000
  ./pitcrew test workflow --seed 1234
                                      the one that failed`

export const testCommand = (): Command =>
  withJson(new Command('test'), 'print one JSON object a line')
    .description('run every check and every test, quick ones first')
    .argument('[name]', 'a project or a check')
    .option('--seeds <n>', 'how many seeded runs simulations make', count)
    .option('--seed <n>', 'the one seed that simulations run', count)
    .addHelpText('after', help)
    .action(async (name: string | undefined, options: TestOptions) => {
      const { runTests } = await import('../checks/run-tests.ts')
      process.exitCode = (await runTests(name, options)) ? 0 : 1
    })

function count(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new InvalidArgumentError('expected a whole number from 1')
}
