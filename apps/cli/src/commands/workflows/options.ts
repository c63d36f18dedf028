import { Command } from 'commander'
import { withJson, withTarget } from '../target.ts'

export const collect = (value: string, before: string[]): string[] => [...before, value]

/** A command that talks to a platform, with the line that shows how. */
export const about = (name: string, description: string, ...examples: string[]): Command =>
  withJson(withTarget(new Command(name)))
    .description(description)
    .addHelpText(
      'after',
      `\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${examples.map((one) => `  ./pitcrew workflows ${one}`).join('\n')}`,
    )

export const ofWorkflow = (name: string, description: string, ...examples: string[]): Command =>
  about(name, description, ...examples).argument('<id>', 'of the workflow, or its first characters')

/** The options that find workflows; all that are given have to hold. */
export const withWhich = (command: Command): Command =>
  command
    .option('--status <names>', 'PENDING, RUNNING, PAUSED, COMPLETED, FAILED, CANCELLED, separated by commas')
    .option('--definition <names>', 'only those of these definitions')
    .option('--phase <names>', 'only those in these phases')
    .option('--priority <names>', 'URGENT, HIGH, SCHEDULED, ROUTINE')
    .option('--urgency <names>', 'CRITICAL, HIGH, MEDIUM, LOW')
    .option('--vehicle <id>', 'only those of this vehicle')
    .option('--parent <id>', 'only those that this workflow has started')
    .option('--outcome <names>', 'only those that ended so')
    .option(
      '--text <words>',
      'words, or their beginnings, that all occur in id, definition, outcome, failure or attributes',
    )
    .option('--attribute <key=value>', 'only those with this attribute; may be given again', collect, [])
    .option('--since <time>', 'started then or later')
    .option('--before <time>', 'started before')
    .option('--ended-since <time>', 'ended then or later')
    .option('--ended-before <time>', 'ended before')
