import { Command } from 'commander'

const help = `
Only the process that wrote platform.json in the data folder is ended, and only if it still is that very process.

Example:
  ./pitcrew down`

export const downCommand = (): Command =>
  new Command('down')
    .description('end the platform that runs on a data folder')
    .option('--data <dir>', 'where its data is', '.pitcrew')
    .addHelpText('after', help)
    .action(async (options: { data: string }) => {
      const { down } = await import('../platform/down.ts')
      await down(options)
    })
