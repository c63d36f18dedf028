import type { Command } from 'commander'

/** The options of every command that talks to a platform. */
export const withTarget = (command: Command): Command =>
  command
    .option('--url <url>', 'gateway of the platform (PITCREW_URL); default: the one that runs on --data')
    .option('--data <dir>', 'data folder of a platform on this machine', '.pitcrew')

export const withJson = (command: Command, what = 'print JSON'): Command => command.option('--json', what)

export const withData = (command: Command): Command =>
  command.option('--data <dir>', 'data folder of a platform on this machine', '.pitcrew')
