import { Command } from 'commander'
import { withData, withJson } from '../target.ts'

const help = `
Reads every frame of the workflow log where it is; nothing is changed, and the platform may run meanwhile. For each partition:
frames, transitions, open workflows, from when to when, and where it is damaged. Exit code 1 when it is.

Examples:
  ./pitcrew workflows verify
  NATS_URL=nats://broker:4222 NATS_NKEY_SEED_FILE=provisioner.nk ./pitcrew workflows verify --json`

export const verifyCommand = (): Command =>
  withJson(withData(new Command('verify')))
    .description('read the whole workflow log and find out whether it is sound')
    .addHelpText('after', help)
    .action(async (options: { data: string; json?: boolean }) => {
      const { verifyLive } = await import('../../operate/backup/verify-live.ts')
      process.exitCode = (await verifyLive(options)) ? 0 : 1
    })
