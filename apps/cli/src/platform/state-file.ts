/**
 * `platform.json` in the data folder: which process runs the platform there and where its doors are. It is written when the
 * platform is ready and removed when it stops; one that outlived its process (kill -9, power cut) counts as none.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startOf } from './process-identity.ts'

export interface PlatformState {
  pid: number
  /** Of the process, to tell it from a later one of the same number. */
  processStart: string
  startedAt: string
  urls: Record<string, string>
}

const fileOf = (dataDir: string): string => join(dataDir, 'platform.json')

export function writeState(dataDir: string, urls: Record<string, string>): PlatformState {
  const { pid } = process
  const state = { pid, processStart: startOf(pid) ?? '', startedAt: new Date().toISOString(), urls }
  mkdirSync(dataDir, { recursive: true })
  // Whole or not at all: others poll for it.
  writeFileSync(`${fileOf(dataDir)}.next`, `${JSON.stringify(state, null, 2)}\n`)
  renameSync(`${fileOf(dataDir)}.next`, fileOf(dataDir))
  return state
}

/** Removes it if it is ours. */
export function removeState(dataDir: string): void {
  if (read(dataDir)?.pid === process.pid) rmSync(fileOf(dataDir), { force: true })
}

/** The platform that runs on that data folder now. */
export function runningState(dataDir: string): PlatformState | undefined {
  const state = read(dataDir)
  return state !== undefined && lives(state) ? state : undefined
}

export const lives = ({ pid, processStart }: PlatformState): boolean => startOf(pid) === processStart

function read(dataDir: string): PlatformState | undefined {
  try {
    const state = JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as PlatformState
    return Number.isInteger(state.pid) && typeof state.urls === 'object' ? state : undefined
  } catch {
    return undefined // none, or what no platform wrote
  }
}
