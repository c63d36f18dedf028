/** `./pitcrew train`: reads what was asked for, trains, writes the artefact and says how good it is. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Terminal } from '@pitcrew/errors'
import { vehicleSystems } from '@pitcrew/signals'
import { readLogs } from '../evaluate/carobd/logs.ts'
import { json as printJson, line } from '../operate/output.ts'
import { callerDir } from '../platform/checkout.ts'
import { table } from '../print/table.ts'
import { tick } from '../print/ticks.ts'
import { versionAt, writeArtefact, type Artefact } from './artefact.ts'
import { trainLifeModel } from './train-life.ts'
import { trainRiskModel } from './train-risk.ts'
import { trainThresholds } from './train-thresholds.ts'

interface CommonFlags {
  data: string
  name: string
  vehicleModel?: string[]
  out?: string
  json?: boolean
}

export interface LifeFlags extends CommonFlags {
  format: string
  system: string
  cycleHours: string
  fromNew?: boolean
}

export interface RiskFlags extends CommonFlags {
  component: string[]
}

export type ThresholdsFlags = CommonFlags

export async function trainLifeCommand(flags: LifeFlags): Promise<void> {
  const { format, system, cycleHours, vehicleModel = [] } = flags
  const wishes = { system: systemOf(system), vehicleModels: vehicleModel, cycleHours: positive(cycleHours) }
  const file = existing(flags.data, 'file')
  const bytes = readFileSync(file)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const training = { format, file, text: bytes.toString('utf8'), sha256, card: cardOf(flags), onProgress }
  tell(trainLifeModel(training, wishes, { fromNew: flags.fromNew ?? false }), flags)
}

export async function trainRiskCommand(flags: RiskFlags): Promise<void> {
  const { component, vehicleModel = [] } = flags
  const wishes = { systems: systemsOf(component), vehicleModels: vehicleModel }
  const file = existing(flags.data, 'directory')
  tell(await trainRiskModel({ file, sha256: checksumOf(file), card: cardOf(flags), onProgress }, wishes), flags)
}

export async function trainThresholdsCommand(flags: ThresholdsFlags): Promise<void> {
  const dir = existing(flags.data, 'directory')
  const { drives } = readLogs(dir)
  const named = [...drives].map(([name, frames]) => ({ name, frames }))
  const given = { sha256: checksumOf(dir), card: cardOf(flags), onProgress }
  tell(trainThresholds(named, given, flags.vehicleModel ?? []), flags)
}

const onProgress = (words: string): void => void process.stderr.write(`${words}\n`)

function cardOf({ name }: CommonFlags) {
  const now = new Date()
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(name))
    throw new Terminal('BAD_USAGE', `--name is "${name}": expected 1 to 64 of A-Z a-z 0-9 . _ -`)
  return { name, version: versionAt(now), trainedAt: now.toISOString() }
}

function tell(artefact: Artefact, { out, json }: CommonFlags): void {
  const target = out === undefined ? undefined : resolve(callerDir(), out)
  const file = writeArtefact(artefact, target, resolve(callerDir(), '.pitcrew'))
  const { card } = artefact
  if (json) return printJson({ file, card, serves: artefact.serves })
  line(tick('ok', `${card.name} ${card.version}`, { words: card.data.description }))
  line(
    `\n${table(
      ['held-out metric', ''],
      Object.entries(card.metrics).map(([name, value]) => [name, value.toPrecision(4)]),
    )}`,
  )
  line(`\n${file}\nnext: ./pitcrew models register ${file}`)
}

function existing(path: string, kind: 'file' | 'directory'): string {
  const full = resolve(callerDir(), path)
  const stat = statSync(full, { throwIfNoEntry: false })
  if (kind === 'file' ? stat?.isFile() : stat?.isDirectory()) return full
  throw new Terminal('DATA_SET_NOT_FOUND', `${full} is no ${kind}`, { hint: './pitcrew train --help' })
}

/** Of all files of the folder, in the order of their names. */
function checksumOf(dir: string): string {
  const sum = createHash('sha256')
  for (const name of readdirSync(dir)
    .filter((one) => one.endsWith('.csv'))
    .sort())
    sum.update(name).update(readFileSync(join(dir, name)))
  return sum.digest('hex')
}

function systemOf(text: string): string {
  const system = vehicleSystems.find((one) => one === text.toUpperCase())
  if (system !== undefined) return system
  throw new Terminal(
    'BAD_USAGE',
    `there is no system "${text}": expected one of ${vehicleSystems.join(', ').toLowerCase()}`,
  )
}

/** `comp1=brakes`. */
function systemsOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [component = '', system] = pair.split('=')
      if (component === '' || system === undefined)
        throw new Terminal('BAD_USAGE', `--component is "${pair}": expected component=system, as comp1=brakes`)
      return [component, systemOf(system)]
    }),
  )
}

function positive(text: string): number {
  const value = Number(text)
  if (value >= 1 / 60 && value <= 8_766) return value
  throw new Terminal('BAD_USAGE', `--cycle-hours is "${text}": expected hours, from a minute to a year`)
}
