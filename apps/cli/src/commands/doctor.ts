import { Command } from 'commander'
import { withJson, withTarget } from './target.ts'

const help = `
Nothing is changed and nothing is fetched. Exit code 1 when something is in the way of ./pitcrew up.

Example:
  ./pitcrew doctor --json | jq '.[] | select(.verdict != "ok")'`

export const doctorCommand = (): Command =>
  withJson(withTarget(new Command('doctor')))
    .description('see whether this machine has what Pitcrew needs, and how a running platform is')
    .addHelpText('after', help)
    .action(async (options: { url?: string; data: string; json?: boolean }) => {
      const { doctor } = await import('../doctor/doctor.ts')
      process.exitCode = (await doctor(options)) ? 0 : 1
    })
