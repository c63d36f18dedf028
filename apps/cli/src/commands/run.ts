import { Command } from 'commander'

const help = `
This is what a container runs: the service is configured by its environment alone, and SIGTERM drains it.

Examples:
  ./pitcrew run --list                   which services there are
  ./pitcrew run scheduling --help        every variable that one reads
  NATS_URL=nats://broker:4222 DATABASE_URL=postgres://... ./pitcrew run scheduling`

export const runCommand = (): Command =>
  new Command('run')
    .description('run one service alone')
    .argument('[service]', 'its name')
    .option('--list', 'print the names of all services')
    .helpOption(false)
    .option('-h, --help', 'what this does, or with a service what configures it')
    .addHelpText('after', help)
    .action(async (name: string | undefined, options: { list?: boolean; help?: boolean }, command: Command) => {
      if (name === undefined && options.list !== true) return command.help()
      const { runOne, listServices } = await import('../platform/run-one.ts')
      if (options.list) return listServices()
      await runOne(name!)
    })
