import { Command } from 'commander'
import { withJson } from './target.ts'

const help = `
Checks are format, protobuf, types and lint; then come the tests of each project, then those of the whole line. What has
not changed since it last passed is not run again.

Examples:
  ./pitcrew test                      everything
  ./pitcrew test scheduling           the tests of one project
  ./pitcrew test lint                 one check`

export const testCommand = (): Command =>
  withJson(new Command('test'), 'print one JSON object a line')
    .description('run every check and every test, quick ones first')
    .argument('[name]', 'a project or a check')
    .addHelpText('after', help)
    .action(async (name: string | undefined, options: { json?: boolean }) => {
      const { runTests } = await import('../checks/run-tests.ts')
      process.exitCode = (await runTests(name, options)) ? 0 : 1
    })
