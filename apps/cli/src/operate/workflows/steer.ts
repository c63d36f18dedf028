/** F3: what people do to one workflow. */
import { Terminal } from '@pitcrew/errors'
import type { Target } from '../../api/locate.ts'
import { openWorkflows, type Verb } from '../../api/workflows.ts'
import { tick } from '../../print/ticks.ts'
import { json, line } from '../output.ts'
import { findWorkflow } from './find.ts'
import { givenCount, givenJson } from './given.ts'

type Options = Target & { json?: boolean }

const done: Partial<Record<Verb, string>> = {
  signals: 'signalled',
  pause: 'paused',
  resume: 'resumed',
  cancel: 'cancelled: what was done is undone',
  terminate: 'terminated',
  retry: 'retried',
  reset: 'reset',
  migrate: 'migrated',
}

export async function steer(start: string, verb: Verb, body: object, options: Options): Promise<void> {
  const workflows = openWorkflows(options)
  const workflowId = await findWorkflow(workflows, start)
  await workflows.steer(workflowId, verb, body)
  if (options.json) return json({ workflowId, done: done[verb] })
  line(tick('ok', workflowId, { words: done[verb] ?? verb }))
}

export async function signal(
  start: string,
  name: string,
  options: Options & { payload?: string; key?: string },
): Promise<void> {
  const body = { signal: name, signalId: options.key, payload: payloadOf(options) }
  await steer(start, 'signals', body, options)
}

/** Prints the value, as JSON, so that it can be piped. */
export async function query(start: string, name: string, options: Options): Promise<void> {
  const workflows = openWorkflows(options)
  const { value } = (await workflows.steer(await findWorkflow(workflows, start), 'query', { name })) as {
    value?: unknown
  }
  line(options.json ? JSON.stringify(value ?? null) : JSON.stringify(value ?? null, null, 2))
}

export async function update(
  start: string,
  name: string,
  options: Options & { payload?: string; key?: string },
): Promise<void> {
  const workflows = openWorkflows(options)
  const body = { name, updateId: options.key, payload: payloadOf(options) }
  const { result } = (await workflows.steer(await findWorkflow(workflows, start), 'updates', body)) as {
    result?: unknown
  }
  line(options.json ? JSON.stringify(result ?? null) : JSON.stringify(result ?? null, null, 2))
}

const payloadOf = ({ payload }: { payload?: string }): unknown =>
  payload === undefined ? undefined : givenJson(payload, '--payload')

export async function migrate(start: string, version: string, options: Options & { map: string[] }): Promise<void> {
  const mapping = renamings(options.map)
  await steer(start, 'migrate', { version: givenCount(version, 'the version', 1), mapping }, options)
}

/** `old=new`, or `old=` for a node that is gone. */
export function renamings(pairs: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [old = '', now, more] = pair.split('=')
      if (old !== '' && now !== undefined && more === undefined) return [old, now || null]
      throw new Terminal('BAD_USAGE', `--map is "${pair}", expected old=new, or old= for a node that is gone`, {
        hint: 'for example --map hold-slot=reserve-slot',
      })
    }),
  )
}
