/**
 * Peers come from npm, each into a folder of its own with its own package.json: never a dependency of the project.
 *
 * 1. A folder with the mark was installed whole; the mark is written last. One without is made anew.
 * 2. Install scripts are not run.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Retryable, toFailure } from '@pitcrew/errors'
import { runProgram } from '../program.ts'

export interface Packages {
  /** The peer's name, `restate`. */
  peer: string
  /** Name to exact version. The version of the first is the peer's. */
  versions: Record<string, string>
}

const installWithinMs = 180_000

/** The folder whose node_modules has them. @throws Retryable PEER_NOT_HAD */
export async function installPeer(cacheDir: string, { peer, versions }: Packages): Promise<string> {
  const folder = join(cacheDir, `${peer}@${Object.values(versions)[0]}`)
  const mark = join(folder, 'installed')
  if (existsSync(mark)) return folder
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: versions }, null, 2))
  try {
    const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', '--no-workspaces']
    await runProgram('npm', ['install', ...quiet], { cwd: folder, timeoutMs: installWithinMs })
  } catch (error) {
    throw new Retryable('PEER_NOT_HAD', `${peer} cannot be installed: ${toFailure(error).message}`, {
      cause: error,
      hint: 'npm has to reach its registry once; what it fetched stays under .pitcrew/bench/peers',
    })
  }
  writeFileSync(mark, '')
  return folder
}

/** A module of a peer's folder. Its shape is what the caller says; only what is used of it is named there. */
export const requireFrom = <T>(folder: string, name: string): T =>
  createRequire(join(folder, 'package.json'))(name) as T
