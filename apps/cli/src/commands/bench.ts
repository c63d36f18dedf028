import { Command } from 'commander'
import type { AnalysisBenchFlags } from '../bench/analysis/index.ts'
import type { HistoryBenchFlags } from '../bench/history/index.ts'
import type { IngestBenchFlags } from '../bench/ingest/index.ts'
import type { EngineBenchFlags } from '../bench/options.ts'
import { withJson } from './target.ts'

const help = `
Peers come from npm into .pitcrew/bench/peers, and PostgreSQL for DBOS from this machine or Debian; nothing is installed.
Exit code 1 when a target of what was asked for is missed. How it measures: docs/guides/benchmarks.md.

Examples:
  ./pitcrew bench engine --peers restate,dbos           side by side, about a quarter of an hour
  ./pitcrew bench engine --peers restate --quick        a first impression in a minute
  ./pitcrew bench engine --parked 100000                memory of waiting workflows, and restart
  ./pitcrew bench engine --scale 1,2,4 --partitions 4   several orchestrators
  ./pitcrew bench engine --cells chain-10.c128 --json | jq .metrics`

const engineCommand = (): Command =>
  withJson(new Command('engine'), 'end in one line of JSON: metrics, targets, met')
    .description('the workflow engine: workflows per second, time, CPU and memory, beside its peers')
    .option('--peers <names>', 'restate, dbos')
    .option('--quick', 'fewer cells, one short round')
    .option('--cells <names>', 'only these, as chain-10.c128: workload and workflows at once')
    .option('--rounds <n>', 'of all cells; default 3')
    .option('--parked <n>', 'workflows to park, and to restart with')
    .option('--scale <list>', 'numbers of orchestrators to compare')
    .option('--partitions <n>', 'of the workflow log', '2')
    .option('--profile <dir>', 'leave CPU profiles of Pitcrew in a comparison there')
    .option('--write-readme', 'put the table into README.md')
    .addHelpText('after', help)
    .action(async (flags: EngineBenchFlags) => {
      const { benchEngine } = await import('../bench/engine.ts')
      process.exitCode = (await benchEngine(flags)) ? 0 : 1
    })

const analysisCommand = (): Command =>
  withJson(new Command('analysis'), 'end in one line of JSON: metrics, targets, met')
    .description('the detectors: frames per second on one core, size of a state, cost of 10,000 vehicles')
    .option('--quick', 'fewer vehicles, shorter rounds')
    .option('--write-readme', 'put the table into README.md')
    .addHelpText('after', '\nExample:\n  ./pitcrew bench analysis --quick')
    .action(async (flags: AnalysisBenchFlags) => {
      const { benchAnalysis } = await import('../bench/analysis/index.ts')
      process.exitCode = benchAnalysis(flags) ? 0 : 1
    })

const ingestCommand = (): Command =>
  withJson(new Command('ingest'), 'end in one line of JSON: metrics, targets, met')
    .description('the doors for telemetry: frames accepted durably, beside a bare publication of the same bytes')
    .option('--doors <names>', 'only these: http, httpProtobuf, grpcStream, mqtt')
    .option('--quick', 'fewer frames, one round')
    .option('--rounds <n>', 'of all doors; default 5')
    .option('--frames <n>', 'of a door in a round; default 20000')
    .option('--sync <when>', 'always: acknowledged is on the disk; system: as nats-server does by default', 'always')
    .option('--history', 'let the ingest that is measured write history as well')
    .option('--profile <dir>', 'leave a CPU profile of ingest there')
    .option('--write-readme', 'put the table into README.md')
    .addHelpText('after', '\nExample:\n  ./pitcrew bench ingest --doors grpcStream,http --rounds 3')
    .action(async (flags: IngestBenchFlags) => {
      const { benchIngest } = await import('../bench/ingest/index.ts')
      process.exitCode = (await benchIngest(flags)) ? 0 : 1
    })

const historyCommand = (): Command =>
  withJson(new Command('history'), 'end in one line of JSON: metrics')
    .description('the history of signals: bytes a reading, frames a second per core, cost of 10,000 vehicles')
    .option('--quick', 'fewer vehicles, a shorter drive')
    .addHelpText('after', '\nExample:\n  ./pitcrew bench history --json | jq .metrics')
    .action(async (flags: HistoryBenchFlags) => {
      const { benchHistory } = await import('../bench/history/index.ts')
      await benchHistory(flags)
    })

export const benchCommand = (): Command =>
  new Command('bench')
    .description('measure against the targets')
    .addCommand(engineCommand())
    .addCommand(analysisCommand())
    .addCommand(ingestCommand())
    .addCommand(historyCommand())
