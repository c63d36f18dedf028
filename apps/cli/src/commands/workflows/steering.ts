import type { Command } from 'commander'
import type { Target } from '../../api/locate.ts'
import type { Verb } from '../../api/workflows.ts'
import { collect, ofWorkflow } from './options.ts'

type Options = Target & { json?: boolean }
type WithPayload = Options & { payload?: string; key?: string }

export const steeringCommands = (): Command[] => [
  withPayload(ofWorkflow('signal', 'tell it something that it waits for', `signal 0199c2 go --payload '{"bay":"b-1"}'`))
    .argument('<name>', 'of the signal: show tells what it waits for')
    .action(async (id: string, name: string, options: WithPayload) => {
      const { signal } = await import('../../operate/workflows/steer.ts')
      await signal(id, name, options)
    }),
  ofWorkflow('query', 'read what its definition declares as a query', 'query 0199c2 name')
    .argument('<name>', 'of the query: definitions tells which there are')
    .action(async (id: string, name: string, options: Options) => {
      const { query } = await import('../../operate/workflows/steer.ts')
      await query(id, name, options)
    }),
  withPayload(
    ofWorkflow(
      'update',
      'change what its definition declares as an update, and print its result',
      `update 0199c2 relabel --payload '{"label":"blue"}'`,
    ),
  )
    .argument('<name>', 'of the update: definitions tells which there are')
    .action(async (id: string, name: string, options: WithPayload) => {
      const { update } = await import('../../operate/workflows/steer.ts')
      await update(id, name, options)
    }),
  withReason(plain('pause', 'start nothing new until it is resumed', 'pause 0199c2 --reason "customer called"')),
  plain('resume', 'go on after a pause', 'resume 0199c2'),
  withReason(plain('cancel', 'undo what was done, then end', 'cancel 0199c2 --reason "vehicle sold"')),
  withReason(plain('terminate', 'end at once and undo nothing (admin)', 'terminate 0199c2 --reason "test data"')),
  plain('retry', 'go on from the point of failure', 'retry 0199c2'),
  reset(),
  migrate(),
]

const withReason = (command: Command): Command => command.option('--reason <text>', 'why, for the record', '')

const withPayload = (command: Command): Command =>
  command
    .option('--payload <json>', 'JSON, a file that holds it, or - for standard input')
    .option('--key <text>', 'idempotency key: the same again changes nothing; default a new one')

const plain = (verb: Verb, description: string, example: string): Command =>
  ofWorkflow(verb, description, example).action(
    async (id: string, { reason, ...options }: Options & { reason?: string }) => {
      const { steer } = await import('../../operate/workflows/steer.ts')
      await steer(id, verb, reason === undefined ? {} : { reason }, options)
    },
  )

const reset = (): Command =>
  ofWorkflow(
    'reset',
    'undo what came after a checkpoint and run it anew',
    'reset 0199c2 after-diagnosis --reason "the sensor was exchanged"',
  )
    .argument('<checkpoint>', 'one of those that show lists')
    .requiredOption('--reason <text>', 'why, kept in the history')
    .action(async (id: string, checkpoint: string, { reason, ...options }: Options & { reason: string }) => {
      const { steer } = await import('../../operate/workflows/steer.ts')
      await steer(id, 'reset', { checkpoint, reason }, options)
    })

const migrate = (): Command =>
  ofWorkflow(
    'migrate',
    'move it to another version of its definition (admin)',
    'migrate 0199c2 2',
    'migrate 0199c2 2 --map hold-slot=reserve-slot --map old-check=',
  )
    .argument('<version>', 'to go on with')
    .option(
      '--map <old=new>',
      'node that has another id there; old= for one that is gone; may be given again',
      collect,
      [],
    )
    .action(async (id: string, version: string, options: Options & { map: string[] }) => {
      const { migrate: run } = await import('../../operate/workflows/steer.ts')
      await run(id, version, options)
    })
