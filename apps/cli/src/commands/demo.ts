import { Command } from 'commander'
import type { DemoOptions } from '../demo/demo.ts'
import { withJson, withTarget } from './target.ts'

const help = `
Scenarios:
  full    one vehicle with a coolant leak, from the first reading to the repaired car, on the platform that runs or else on
          one of its own; exit code 0 only if the case completed with the vehicle repaired
  errors  a workshop whose system fails and answers too late: retries, and recovery (always a platform of its own)
  fleet   many vehicles, several faults, owners of every kind, live statistics (a platform of its own unless --url is given)

Examples:
  ./pitcrew demo
  ./pitcrew demo --scenario errors
  ./pitcrew demo --scenario fleet --vehicles 50
  ./pitcrew demo --json | jq -r .event`

export const demoCommand = (): Command =>
  withJson(withTarget(new Command('demo')), 'print one JSON object a line')
    .description('watch the whole line work')
    .option('--scenario <name>', 'full, errors or fleet', 'full')
    .option('--vehicles <n>', 'of the fleet', '20')
    .addHelpText('after', help)
    .action(async (options: DemoOptions) => {
      const { demo } = await import('../demo/demo.ts')
      process.exitCode = (await demo(options)) ? 0 : 1
    })
