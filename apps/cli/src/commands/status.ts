import { Command } from 'commander'
import { withJson, withTarget } from './target.ts'

const help = `
Example:
  ./pitcrew status --json | jq .statistics.active`

export const statusCommand = (): Command =>
  withJson(withTarget(new Command('status')))
    .description('how many cases there are in which phase, and which agents work')
    .addHelpText('after', help)
    .action(async (options: { url?: string; data: string; json?: boolean }) => {
      const { status } = await import('../operate/status.ts')
      await status(options)
    })
