/** N3: the models that analysis serves, what they do to the vehicles they serve, and who decided it. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { model } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import type { Target } from '../../api/locate.ts'
import { openModels } from '../../api/models.ts'
import { callerDir } from '../../platform/checkout.ts'
import { green, yellow } from '../../print/colour.ts'
import { table } from '../../print/table.ts'
import { tick } from '../../print/ticks.ts'
import { json, line } from '../output.ts'

interface Options extends Target {
  json?: boolean
}

export async function listModels(name: string | undefined, options: Options): Promise<void> {
  const models = await openModels(options).list(name)
  if (options.json) return json(models)
  if (models.length === 0) return line('no model is registered: ./pitcrew train --help')
  line(modelsTable(models))
}

export function modelsTable(models: readonly model.ModelVersion[]): string {
  return table(
    ['model', 'version', 'kind', 'serves', 'since', 'vehicles', 'alerts', 'unconfirmed'],
    models.map(({ name, version, kind, since, record, ...standing }) => [
      name,
      version,
      kind,
      servesText(standing),
      since ?? '',
      record?.vehicles ?? '',
      record?.alerts ?? '',
      record?.unconfirmed ?? '',
    ]),
  )
}

function servesText({ status, share }: Pick<model.ModelVersion, 'status' | 'share'>): string {
  switch (status) {
    case model.ModelStatus.CANARY:
      return yellow(`${share} % (canary)`)
    case model.ModelStatus.STABLE:
      return green('all')
    default:
      return 'nobody'
  }
}

export async function showModel(name: string, version: string, options: Options): Promise<void> {
  const { model: found, audit } = await openModels(options).show(name, version)
  if (options.json) return json({ ...found, card: JSON.parse(found?.card ?? '{}') as unknown, audit })
  if (found) line(modelsTable([found]))
  line(`\n${JSON.stringify(JSON.parse(found?.card ?? '{}'), null, 2)}\n`)
  const entries = audit.map(({ at, subject, action, reason }) => [at ?? '', action, subject, reason])
  line(table(['when', 'what', 'who', 'why'], entries))
}

export async function registerModel(file: string, options: Options): Promise<void> {
  const found = await openModels(options).register(textOf(resolve(callerDir(), file)))
  if (options.json) return json(found)
  line(tick('ok', `${found?.name} ${found?.version}`, { words: 'registered; it serves nobody yet' }))
  line(`\nnext: ./pitcrew models canary ${found?.name} ${found?.version} --share 10`)
}

export interface RollOutOptions extends Options {
  share?: string
  reason: string
  skipCanary?: boolean
}

/** Without a share to all. */
export async function rollOutModel(name: string, version: string, options: RollOutOptions): Promise<void> {
  const { share = '100', reason, skipCanary = false } = options
  const found = await openModels(options).rollOut(name, { version, share: percent(share), reason, skipCanary })
  if (options.json) return json(found)
  line(tick('ok', `${name} ${version}`, { words: `serves ${found ? servesText(found) : ''}` }))
}

export async function rollBackModel(name: string, options: Options & { reason: string }): Promise<void> {
  const found = await openModels(options).rollBack(name, options.reason)
  if (options.json) return json(found ?? null)
  line(tick('ok', name, { words: found ? `${found.version} serves again` : 'nothing of this name serves any more' }))
}

function percent(text: string): number {
  const share = Number(text)
  if (text.trim() !== '' && share > 0 && share <= 100) return share
  throw new Terminal('BAD_USAGE', `--share is "${text}": expected percent, above 0 and up to 100`)
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Terminal('FILE_NOT_FOUND', `${file} cannot be read: ${(cause as Error).message}`, {
      cause,
      hint: './pitcrew train writes one',
    })
  }
}
