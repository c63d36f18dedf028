/** Programs of PostgreSQL: from PATH, from where Debian puts them, or from Debian's package in a folder of ours. */
import {
  accessSync,
  constants,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { Retryable, toFailure } from '@pitcrew/errors'
import { runProgram } from '../program.ts'

export interface Postgres {
  /** With initdb and postgres. */
  binDir: string
  /** For the loader, when it is not installed but only unpacked. */
  env: Record<string, string>
  /** `15.18` */
  version: string
}

/** @throws Retryable PEER_NOT_HAD */
export async function findPostgres(cacheDir: string, path: string = process.env.PATH ?? ''): Promise<Postgres> {
  const here = onThisMachine(path)
  if (here !== undefined) return described(here, {})
  try {
    return await unpacked(join(cacheDir, 'postgresql'))
  } catch (error) {
    throw new Retryable('PEER_NOT_HAD', `there is no PostgreSQL for DBOS: ${toFailure(error).message}`, {
      cause: error,
      hint: 'install PostgreSQL 13 or newer, or put its programs on PATH',
    })
  }
}

function onThisMachine(path: string): string | undefined {
  const onPath = path.split(delimiter).flatMap((folder) => {
    const file = join(folder, 'postgres')
    return folder !== '' && existsSync(file) ? [dirname(realpathSync(file))] : []
  })
  return onPath.find(complete)
}

const complete = (folder: string): boolean =>
  ['postgres', 'initdb'].every((name) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })

async function described(binDir: string, env: Record<string, string>): Promise<Postgres> {
  const said = await runProgram(join(binDir, 'postgres'), ['--version'], { env, timeoutMs: 10_000 })
  return { binDir, env, version: /\d+(\.\d+)*/.exec(said)?.[0] ?? said.trim() }
}

/**
 * Fetched with what it needs and the machine lacks, and unpacked: nothing is installed. The mark is written last, so that
 * what has it is whole.
 */
async function unpacked(folder: string): Promise<Postgres> {
  const root = join(folder, 'unpacked')
  if (!existsSync(join(folder, 'fetched'))) await fetchPackages(folder, root)
  const [binDir] = globSync(join(root, 'usr/lib/postgresql/*/bin')).filter(complete)
  if (binDir === undefined) throw new Retryable('PACKAGE_INCOMPLETE', 'the package holds no postgres and initdb')
  const libraries = globSync(join(root, 'usr/lib/*-linux-gnu*'))
  return described(binDir, { LD_LIBRARY_PATH: [...libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':') })
}

async function fetchPackages(folder: string, root: string): Promise<void> {
  mkdirSync(root, { recursive: true })
  const server = await serverPackage()
  const simulated = await runProgram('apt-get', ['-s', 'install', '--no-install-recommends', server], {
    timeoutMs: 60_000,
  })
  const missing = [...simulated.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name!)
  const names = [...new Set([server, ...missing])]
  // Run by root, apt would step down to a user who may not write into our folder.
  await runProgram('apt-get', ['-o', 'APT::Sandbox::User=', '-qq', 'download', ...names], {
    cwd: folder,
    timeoutMs: 180_000,
  })
  for (const archive of readdirSync(folder).filter((name) => name.endsWith('.deb')))
    await runProgram('dpkg-deb', ['-x', archive, root], { cwd: folder, timeoutMs: 60_000 })
  writeFileSync(join(folder, 'fetched'), names.join('\n'))
}

/** `postgresql-15` on Debian 12: what the package without a number stands for. */
async function serverPackage(): Promise<string> {
  const depends = await runProgram('apt-cache', ['depends', 'postgresql'], { timeoutMs: 30_000 })
  const name = /Depends: (postgresql-\d+)/.exec(depends)?.[1]
  if (name !== undefined) return name
  throw new Retryable('NO_PACKAGE', 'apt knows no package postgresql', { hint: 'apt-get update' })
}
