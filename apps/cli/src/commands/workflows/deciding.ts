import type { Command } from 'commander'
import type { ApprovalsOptions, DecideOptions } from '../../operate/workflows/approvals.ts'
import type { BulkOptions } from '../../operate/workflows/bulk.ts'
import { about, collect, ofWorkflow, withWhich } from './options.ts'

export const decidingCommands = (): Command[] => [
  about('approvals', 'what people are asked, the most urgent first', 'approvals', 'approvals --approvers approver')
    .option('--workflow <id>', 'only those of this workflow')
    .option('--approvers <role>', 'only those that ask this role')
    .option('--limit <n>', 'at most so many', '100')
    .action(async (options: ApprovalsOptions) => {
      const { listApprovals } = await import('../../operate/workflows/approvals.ts')
      await listApprovals(options)
    }),
  answer('approve', 'say yes to what it waits for', true, 'approve 0199c2 ask --comment "looks right"'),
  answer('reject', 'say no to what it waits for', false, 'reject 0199c2 ask --comment "sensor fault"'),
  bulk(),
]

const answer = (name: string, description: string, approved: boolean, example: string): Command =>
  ofWorkflow(name, description, example)
    .argument('[approval]', 'path of the approval, where it waits for several', '')
    .option('--comment <text>', 'why, for the record', '')
    .action(async (id: string, path: string, options: DecideOptions) => {
      const { decide } = await import('../../operate/workflows/approvals.ts')
      await decide(id, path, approved, options)
    })

const bulk = (): Command =>
  withWhich(
    about(
      'bulk',
      'one operation on many workflows, with a result for each (admin); exit code 1 when one failed',
      'bulk retry --status FAILED --definition vehicle-case --dry-run',
      'bulk cancel --vehicle v-17 --status RUNNING --reason "vehicle sold"',
      'bulk signal --definition errand --phase WAITING --signal go --key go-1',
      'bulk migrate --definition errand --status RUNNING --to 2 --map old-check=',
    ),
  )
    .argument('<operation>', 'pause, resume, cancel, terminate, retry, reset, signal or migrate')
    .option('--id <ids>', 'these workflows, separated by commas')
    .option('--limit <n>', 'at most so many, up to 1000', '100')
    .option('--dry-run', 'tell which would be touched, and touch none')
    .option('--reason <text>', 'why, for the record', '')
    .option('--checkpoint <name>', 'to reset to')
    .option('--signal <name>', 'to send')
    .option('--key <text>', 'idempotency key of the signal')
    .option('--payload <json>', 'of the signal: JSON, a file that holds it, or -')
    .option('--to <version>', 'to migrate to')
    .option('--map <old=new>', 'node that has another id in that version; may be given again', collect, [])
    .action(async (operation: string, options: BulkOptions) => {
      const { operateInBulk } = await import('../../operate/workflows/bulk.ts')
      process.exitCode = (await operateInBulk(operation, options)) ? 0 : 1
    })
