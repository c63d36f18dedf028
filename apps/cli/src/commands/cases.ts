import { Command } from 'commander'
import type { CaseAction } from '../api/gateway.ts'
import { withJson, withTarget } from './target.ts'

interface Options {
  url?: string
  data: string
  json?: boolean
}

const examples = `
Examples:
  ./pitcrew cases list --phase SCHEDULED,IN_SERVICE
  ./pitcrew cases show 0199…                  its history, and why it was decided so
  ./pitcrew cases pause 0199… --reason "customer called"
  ./pitcrew cases approve 0199… --reject --reason "sensor fault"`

export function casesCommand(): Command {
  const cases = new Command('cases').description('see cases and steer them').addHelpText('after', examples)
  cases.addCommand(listCommand())
  cases.addCommand(showCommand())
  cases.addCommand(action('pause', 'start nothing new until it is resumed', '--reason "customer called"'))
  cases.addCommand(action('resume', 'go on after a pause'))
  cases.addCommand(action('cancel', 'end it and undo what was done', '--reason "vehicle sold"'))
  cases.addCommand(action('retry', 'go on from the point of failure'))
  const approve = action('approve', 'answer the approval that it waits for', '--reject --reason "sensor fault"')
  cases.addCommand(approve.option('--reject', 'say no instead of yes'))
  return cases
}

const listCommand = (): Command =>
  withJson(withTarget(new Command('list')))
    .description('the cases, the last changed first')
    .option('--phase <names>', 'only those in these phases, separated by commas')
    .option('--vehicle <id>', 'only those of this vehicle')
    .option('--limit <n>', 'at most so many', '50')
    .addHelpText('after', '\nExample:\n  ./pitcrew cases list --phase CUSTOMER_ENGAGEMENT --limit 10')
    .action(async (options: Options & { phase?: string; vehicle?: string; limit: string }) => {
      const { listCases } = await import('../operate/list-cases.ts')
      await listCases(options)
    })

const showCommand = (): Command =>
  withJson(withTarget(new Command('show')))
    .description('one case: where it stands, why, and how it got there')
    .argument('<id>', 'of the case, or its first characters')
    .addHelpText('after', '\nExample:\n  ./pitcrew cases show 0199c2')
    .action(async (id: string, options: Options) => {
      const { showCase } = await import('../operate/show-case.ts')
      await showCase(id, options)
    })

const action = (name: CaseAction, description: string, example = ''): Command =>
  withJson(withTarget(new Command(name)))
    .description(description)
    .argument('<id>', 'of the case, or its first characters')
    .option('--reason <text>', 'why, for the record', '')
    .addHelpText('after', `\nExample:\n  ./pitcrew cases ${name} 0199c2 ${example}`.trimEnd())
    .action(async (id: string, options: Options & { reason: string; reject?: boolean }) => {
      const { steerCase } = await import('../operate/steer-case.ts')
      await steerCase(id, name, options)
    })
