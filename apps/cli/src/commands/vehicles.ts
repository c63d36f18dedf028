import { Command } from 'commander'
import type { HistoryOptions, ListVehiclesOptions } from '../operate/vehicles/vehicles.ts'
import { withJson, withTarget } from './target.ts'

const help = `
Examples:
  ./pitcrew vehicles list
  ./pitcrew vehicles history v1                                              all signals of the last hour, a line each
  ./pitcrew vehicles history v1 --signal Vehicle.Speed --from 24h --points 48
  ./pitcrew vehicles history v1 --signal Vehicle.Speed --from 2026-11-20T12:00Z --to 2026-11-20T13:00Z --json`

export function vehiclesCommand(): Command {
  const vehicles = new Command('vehicles').description('see vehicles and what they told').addHelpText('after', help)
  return vehicles.addCommand(listCommand()).addCommand(historyCommand())
}

const listCommand = (): Command =>
  withJson(withTarget(new Command('list')))
    .description('registered vehicles')
    .option('--limit <n>', 'at most so many', '100')
    .addHelpText('after', help)
    .action(async (options: ListVehiclesOptions) => {
      const { listVehicles } = await import('../operate/vehicles/vehicles.ts')
      await listVehicles(options)
    })

const historyCommand = (): Command =>
  withJson(withTarget(new Command('history')))
    .description('signals of a vehicle over a range of time: min, mean, max, last and count of each bucket')
    .argument('<id>', 'of the vehicle')
    .option('--signal <path...>', 'VSS path, several times; default all that were read')
    .option('--from <time>', '2026-11-20, 2026-11-20T12:00Z, or how long ago: 90m, 12h, 7d', '1h')
    .option('--to <time>', 'the same; default now')
    .option('--points <n>', 'at most so many buckets', '60')
    .option('--resolution <seconds>', 'length of a bucket, instead of --points')
    .addHelpText('after', help)
    .action(async (id: string, options: HistoryOptions) => {
      const { vehicleHistory } = await import('../operate/vehicles/vehicles.ts')
      await vehicleHistory(id, options)
    })
