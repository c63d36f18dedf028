import { Command } from 'commander'

const help = `
Run it once before the services start, as compose and Kubernetes do. It can be run again: what is there is brought up to
date, and nothing is deleted.

Reads NATS_URL (default nats://127.0.0.1:4222), NATS_NKEY_SEED or NATS_NKEY_SEED_FILE, NATS_REPLICAS (default 1).

Example:
  NATS_URL=nats://broker:4222 NATS_REPLICAS=3 ./pitcrew provision`

export const provisionCommand = (): Command =>
  new Command('provision')
    .description('make the streams on a broker')
    .addHelpText('after', help)
    .action(async () => {
      const { provision } = await import('../platform/provision-command.ts')
      await provision(process.env)
    })
