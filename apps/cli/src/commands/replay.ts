import { Command } from 'commander'
import type { ReplayOptions } from '../replay/replay.ts'
import { withJson, withTarget } from './target.ts'

const help = `
Formats: carobd (comma-separated logs of the carOBD logger, one line per reading round, with their header).

Faults that --inject lays over the real signals: coolant-leak, thermostat-stuck-open, water-pump, battery-decay, alternator,
vacuum-leak, catalyst. Parameters follow a colon: coolant-leak:onset=120,lossPerHour=2.

Without a running platform it starts one of its own and removes it afterwards. Exit code 0 when all was analysed.

Examples:
  ./pitcrew replay drive.csv --format carobd --inject coolant-leak --speed max
  ./pitcrew replay logs/ --format carobd --speed 10`

export const replayCommand = (): Command =>
  withJson(withTarget(new Command('replay')), 'print the summary as JSON')
    .description('stream real logs through the telemetry door, each file as a vehicle')
    .argument('<path>', 'a log, or a folder of logs')
    .requiredOption('--format <name>', 'of the logs: carobd')
    .option('--inject <fault>', 'a degradation that is laid over the signals')
    .option('--speed <n>', 'times real time, or max', 'max')
    .option('--vehicle <id>', 'one vehicle for all of it, drive after drive')
    .option('--wait <s>', 'how long to wait for cases to settle', '90')
    .addHelpText('after', help)
    .action(async (path: string, options: ReplayOptions) => {
      const { replay } = await import('../replay/replay.ts')
      await replay(path, options)
    })
