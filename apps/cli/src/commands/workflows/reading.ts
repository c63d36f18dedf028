import type { Command } from 'commander'
import type { Target } from '../../api/locate.ts'
import type { DrawOptions } from '../../operate/workflows/draw.ts'
import type { HistoryOptions } from '../../operate/workflows/history.ts'
import type { ListOptions } from '../../operate/workflows/list.ts'
import type { ShowOptions } from '../../operate/workflows/show.ts'
import type { StatisticsOptions } from '../../operate/workflows/statistics.ts'
import { about, ofWorkflow, withWhich } from './options.ts'

type Options = Target & { json?: boolean }

export const readingCommands = (): Command[] => [
  list(),
  show(),
  ofWorkflow('history', 'its transitions, in order', 'history 0199c2', 'history 0199c2 --after 100 --json')
    .option('--after <n>', 'only those after this number', '0')
    .option('--limit <n>', 'at most so many', '1000')
    .action(async (id: string, options: HistoryOptions) => {
      const { showHistory } = await import('../../operate/workflows/history.ts')
      await showHistory(id, options)
    }),
  ofWorkflow(
    'follow',
    'its transitions as they happen, until it has ended',
    'follow 0199c2',
    'follow 0199c2 --json | jq .event',
  )
    .option('--after <n>', 'only those after this number', '0')
    .action(async (id: string, options: Options & { after: string }) => {
      const { follow } = await import('../../operate/workflows/history.ts')
      await follow(id, options)
    }),
  ofWorkflow('summary', 'what came of it: results, quality, recommendations', 'summary 0199c2').action(
    async (id: string, options: Options) => {
      const { showSummary } = await import('../../operate/workflows/summary.ts')
      await showSummary(id, options)
    },
  ),
  ofWorkflow('result', 'how it ended; exit code 0 when it completed, else 1', 'result 0199c2 --wait 60')
    .option('--wait <seconds>', 'for its end', '0')
    .action(async (id: string, options: Options & { wait: string }) => {
      const { showResult } = await import('../../operate/workflows/result.ts')
      process.exitCode = (await showResult(id, options)) ? 0 : 1
    }),
  drawing(),
  statistics(),
]

const list = (): Command =>
  withWhich(
    about(
      'list',
      'find workflows, the newest start first',
      'list --status RUNNING,PAUSED',
      'list --urgency CRITICAL --since 24h',
      'list --text "coolant hose" --archived',
      'list --attribute system=COOLING --json',
    ),
  )
    .option('--archived', 'the archive too')
    .option('--limit <n>', 'at most so many', '50')
    .option('--cursor <text>', 'go on where the page before ended')
    .action(async (options: ListOptions) => {
      const { listWorkflows } = await import('../../operate/workflows/list.ts')
      await listWorkflows(options)
    })

const show = (): Command =>
  ofWorkflow(
    'show',
    'one workflow: where it stands, what was decided and why, who is waited for',
    'show 0199c2',
    'show 0199c2 --values             with its input and what each step gave: a plan to approve, for example',
  )
    .option('--values', 'its input and what each step gave, too')
    .action(async (id: string, options: ShowOptions) => {
      const { showWorkflow } = await import('../../operate/workflows/show.ts')
      await showWorkflow(id, options)
    })

const drawing = (): Command =>
  about(
    'draw',
    'draw a workflow with how far it is, or a definition',
    'draw 0199c2 now.svg',
    'draw vehicle-case case.mmd --definition',
    'draw 0199c2 -                    Mermaid on standard output',
  )
    .argument('<what>', 'id of the workflow, or its first characters; with --definition a name')
    .argument('<file>', 'ends in .svg or .mmd; - prints Mermaid')
    .option('--definition', 'draw a definition')
    .option('--version <n>', 'of the definition; default the newest')
    .action(async (what: string, file: string, options: DrawOptions) => {
      const { draw } = await import('../../operate/workflows/draw.ts')
      await draw(what, file, options)
    })

const statistics = (): Command =>
  about('stats', 'counts and durations', 'stats', 'stats --definition vehicle-case --since 7d')
    .option('--definition <name>', 'only of this one')
    .option('--since <time>', 'only of those that started then or later')
    .option('--before <time>', 'only of those that started before')
    .action(async (options: StatisticsOptions) => {
      const { showStatistics } = await import('../../operate/workflows/statistics.ts')
      await showStatistics(options)
    })
