import { Command } from 'commander'

export interface UpOptions {
  detach?: boolean
  simulator: boolean
  data: string
  vehicles: string
  ports?: string
}

const help = `
Everything runs in one process, with its data under --data. The first start obtains a nats-server by itself.

Settings come from the environment, for example:
  PITCREW_NATS_SERVER   a nats-server to run         NATS_URL   a broker that runs already
  DATABASE_URL          postgres://... instead of the embedded PGlite
  GATEWAY_HTTP_PORT     one port; --ports moves all of them

Examples:
  ./pitcrew up                              until Ctrl-C
  ./pitcrew up --detach                     in the background; ./pitcrew down ends it
  ./pitcrew up --data /tmp/second --ports 1000`

export const upCommand = (): Command =>
  new Command('up')
    .description('start the whole platform on this machine, and a simulated world around it')
    .option('--detach', 'return as soon as it runs')
    .option('--no-simulator', 'only the platform: no fleet, customers, dealer or mail sink')
    .option('--data <dir>', 'where its data is', '.pitcrew')
    .option('--vehicles <n>', 'vehicles of the simulated fleet', '12')
    .option('--ports <choice>', 'default, free, or a number that is added to each port (PITCREW_PORTS)')
    .addHelpText('after', help)
    .action(async (options: UpOptions) => {
      const { up } = await import('../platform/up.ts')
      await up(options)
    })
