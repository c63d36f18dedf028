import { Command } from 'commander'
import type { ReplayOptions } from '../replay/replay.ts'
import { withJson, withTarget } from './target.ts'

const help = `
Formats:
  carobd      logs of the carOBD logger (comma-separated, one line per reading round, with their header)
  csv         any other CSV, with --mapping FILE that says what its columns mean (docs/guides/signals.md)
  candump     CAN logs of can-utils, -l or the one for people; SAE J1939 and OBD-II responses are decoded by ingest
  j1939-json  J1939 that a gateway has decoded: one message a line, with its time
  obd         what an ELM327 said, with times: "(12.5) 41 05 7B", "2026-01-31T06:00:00Z 7E8 03 41 05 7B"
  cmapss      NASA's turbofan files: each unit is a vehicle, each cycle an hour
  azure-pdm   the folder of Microsoft's machines: error1 is sent as P1001 and so on

Faults that --inject lays over decoded signals (carobd, csv, j1939-json): coolant-leak, thermostat-stuck-open, water-pump,
battery-decay, alternator, vacuum-leak, catalyst. Parameters follow a colon: coolant-leak:onset=120,lossPerHour=2.

The log ends now, by the vehicle's clock. Ingest takes nothing older than two days, so logs of more than 47 h are refused, cut to
their last 47 h (--long last), or sent with a faster clock (--long squeeze, which cmapss and azure-pdm do by themselves).

Without a running platform it starts one of its own and removes it afterwards. Exit code 0 when all was analysed.

Examples:
  ./pitcrew replay drive.csv --format carobd --inject coolant-leak --speed max
  ./pitcrew replay logs/ --format carobd --speed 10
  ./pitcrew replay truck.log --format candump
  ./pitcrew replay fleet.csv --format csv --mapping fleet.json`

export const replayCommand = (): Command =>
  withJson(withTarget(new Command('replay')), 'print the summary as JSON')
    .description('stream real logs through the telemetry door, each file or unit as a vehicle')
    .argument('<path>', 'a log, or a folder of logs')
    .requiredOption('--format <name>', 'of the logs: carobd, csv, candump, j1939-json, obd, cmapss, azure-pdm')
    .option('--mapping <file>', 'what the columns of a CSV mean, JSON')
    .option('--inject <fault>', 'a degradation that is laid over the signals')
    .option('--speed <n>', 'times real time, or max', 'max')
    .option('--vehicle <id>', 'one vehicle for all of it, drive after drive')
    .option('--long <how>', 'what becomes of a log of more than 47 h: refuse, last, squeeze')
    .option('--wait <s>', 'how long to wait for cases to settle', '90')
    .addHelpText('after', help)
    .action(async (path: string, options: ReplayOptions) => {
      const { replay } = await import('../replay/replay.ts')
      await replay(path, options)
    })
