import { resolve } from 'node:path'
import { Terminal } from '@pitcrew/errors'
import { callerDir } from '../platform/checkout.ts'
import type { Plan } from './closed-loop.ts'
import { peerNames, type PeerName } from './contender.ts'
import { allCells, cellName, quickCells, type Cell } from './workload.ts'

/** As the command line has it. */
export interface EngineBenchFlags {
  peers?: string
  parked?: string
  scale?: string
  cells?: string
  rounds?: string
  partitions: string
  quick?: boolean
  json?: boolean
  writeReadme?: boolean
  profile?: string
}

export interface EngineBenchOptions {
  /** Compare engines: with these peers (none: Pitcrew alone), over these cells. */
  comparison?: { peers: PeerName[]; cells: readonly Cell[]; rounds: number; plan: Plan }
  /** Workflows to park. */
  parked?: number
  /** Numbers of orchestrators to measure. */
  scale?: { orchestrators: number[]; plan: Plan }
  partitions: number
  json: boolean
  writeReadme: boolean
  /** A folder for profiles of the CPU. */
  profileDir?: string
}

const thorough: Plan = { warmUpMs: 1_000, windowMs: 3_000, limitMs: 60_000 }
const quick: Plan = { warmUpMs: 300, windowMs: 1_000, limitMs: 30_000 }

/** @throws Terminal BAD_USAGE */
export function readOptions(flags: EngineBenchFlags): EngineBenchOptions {
  const plan = flags.quick ? quick : thorough
  const parked =
    flags.parked === undefined ? undefined : integer('parked', flags.parked, { least: 1, most: 10_000_000 })
  const scale = flags.scale === undefined ? undefined : { orchestrators: readScale(flags.scale), plan }
  const compared = flags.peers !== undefined || flags.cells !== undefined || (parked === undefined && !scale)
  const fewest = Math.max(1, ...(scale?.orchestrators ?? []))
  return {
    ...(compared && { comparison: { ...readComparison(flags), plan } }),
    ...(parked !== undefined && { parked }),
    ...(scale && { scale }),
    partitions: integer('partitions', flags.partitions, { least: fewest, most: 64 }),
    json: flags.json ?? false,
    writeReadme: flags.writeReadme ?? false,
    ...(flags.profile !== undefined && { profileDir: resolve(callerDir(), flags.profile) }),
  }
}

function readComparison({ peers, cells, rounds, quick: hurried }: EngineBenchFlags) {
  return {
    peers: [...new Set(list(peers).map(readPeer))],
    cells: cells === undefined ? (hurried ? quickCells : allCells) : list(cells).map(readCell),
    rounds: integer('rounds', rounds ?? (hurried ? '1' : '3'), { least: 1, most: 100 }),
  }
}

function readPeer(name: string): PeerName {
  const peer = peerNames.find((known) => known === name)
  if (peer !== undefined) return peer
  throw badUsage(`there is no peer "${name}": expected ${peerNames.join(', ')}`, '--peers restate,dbos')
}

function readCell(name: string): Cell {
  const cell = allCells.find((known) => cellName(known) === name)
  if (cell !== undefined) return cell
  throw badUsage(`there is no cell "${name}": expected ${allCells.map(cellName).join(', ')}`, '--cells chain-10.c128')
}

function readScale(text: string): number[] {
  const numbers = list(text).map((each) => integer('scale', each, { least: 1, most: 16 }))
  if (numbers.length === 0) throw badUsage('scale names no number of orchestrators', '--scale 1,2,4')
  return [...new Set(numbers)].sort((a, b) => a - b)
}

function integer(name: string, text: string, { least, most }: { least: number; most: number }): number {
  const number = Number(text)
  if (text.trim() !== '' && Number.isInteger(number) && number >= least && number <= most) return number
  throw badUsage(`${name} is "${text}": expected a whole number from ${least} to ${most}`, `--${name} ${least}`)
}

const list = (text = ''): string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')

const badUsage = (message: string, example: string): Terminal =>
  new Terminal('BAD_USAGE', message, { hint: `for example ./pitcrew bench engine ${example}` })
