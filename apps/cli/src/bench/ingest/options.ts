import { resolve } from 'node:path'
import { Terminal } from '@pitcrew/errors'
import { callerDir } from '../../platform/checkout.ts'
import { doors, type Door } from './contenders.ts'

/** As the command line has it. */
export interface IngestBenchFlags {
  doors?: string
  rounds?: string
  frames?: string
  sync?: string
  /** Also write history in the ingest that is measured. */
  history?: boolean
  quick?: boolean
  json?: boolean
  writeReadme?: boolean
  profile?: string
}

export interface IngestBenchOptions {
  doors: Door[]
  rounds: number
  /** Of a contender in a round. */
  frames: number
  syncAlways: boolean
  history: boolean
  json: boolean
  writeReadme: boolean
  /** A folder for a profile of ingest's CPU. */
  profileDir?: string
}

const usualFrames = { thorough: 20_000, quick: 4_000 }

/** @throws Terminal BAD_USAGE */
export function readOptions(flags: IngestBenchFlags): IngestBenchOptions {
  const { quick = false, json = false, writeReadme = false, sync = 'always', profile } = flags
  if (sync !== 'always' && sync !== 'system')
    throw badUsage(`sync is "${sync}": expected always or system`, '--sync system')
  return {
    doors: flags.doors === undefined ? [...doors] : [...new Set(flags.doors.split(',').map(readDoor))],
    rounds: integer('rounds', flags.rounds ?? (quick ? '1' : '5'), 100),
    frames: integer('frames', flags.frames ?? String(quick ? usualFrames.quick : usualFrames.thorough), 1_000_000),
    syncAlways: sync === 'always',
    history: flags.history ?? false,
    json,
    writeReadme,
    ...(profile !== undefined && { profileDir: resolve(callerDir(), profile) }),
  }
}

function readDoor(name: string): Door {
  const door = doors.find((known) => known === name.trim())
  if (door !== undefined) return door
  throw badUsage(`there is no door "${name}": expected ${doors.join(', ')}`, '--doors grpcStream,http')
}

function integer(name: string, text: string, most: number): number {
  const number = Number(text)
  if (text.trim() !== '' && Number.isInteger(number) && number >= 1 && number <= most) return number
  throw badUsage(`${name} is "${text}": expected a whole number from 1 to ${most}`, `--${name} 3`)
}

const badUsage = (message: string, example: string): Terminal =>
  new Terminal('BAD_USAGE', message, { hint: `for example ./pitcrew bench ingest ${example}` })
