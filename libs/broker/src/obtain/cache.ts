import { accessSync, constants, chmodSync, copyFileSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '../run.ts'
import { newestFirst, parseVersion, type ServerVersion } from '../version.ts'
import { missed, type Source } from './source.ts'

const suffix = `-${process.platform}-${process.arch}`

/**
 * Servers fetched earlier, as `nats-server-<version>-<platform>-<arch>`.
 *
 * 1. A file with such a name is whole: it is written aside and renamed into place.
 * 2. It is never changed after that: a running server may be using it.
 */
export const cache: Source = {
  name: 'cache',
  trying: 'a server fetched earlier',
  async look({ caches }) {
    const files = caches.flatMap((folder) => entries(folder).map((name) => ({ path: join(folder, name), name })))
    const servers = files
      .map((file) => ({ ...file, version: versionOf(file.name) }))
      .filter((file): file is typeof file & { version: ServerVersion } => file.version !== undefined)
      .sort((a, b) => newestFirst(a.version, b.version))
    if (servers.length === 0) return missed(`none in ${caches.join(' or ') || 'any folder'}`)
    return servers.map(({ path }) => ({ kind: 'found', path }))
  },
}

/** Copies a server into the folder; the path of the copy. */
export function keep(binary: string, version: string, folder: string): string {
  const aside = join(folder, `.incoming-${process.pid}`)
  const target = join(folder, `nats-server-${version}${suffix}`)
  copyFileSync(binary, aside)
  chmodSync(aside, 0o755)
  renameSync(aside, target)
  return target
}

/** The user's own cache, shared by all checkouts; undefined where the user has no home. */
export function userCache(env: Environment): string | undefined {
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'pitcrew')
  return env.HOME ? join(env.HOME, '.cache', 'pitcrew') : undefined
}

/** The first folder that exists or can be made, and can be written. */
export function firstWritable(folders: string[]): string | undefined {
  return folders.find((folder) => {
    try {
      mkdirSync(folder, { recursive: true })
      accessSync(folder, constants.W_OK)
      return true
    } catch {
      return false
    }
  })
}

function versionOf(name: string): ServerVersion | undefined {
  if (!name.startsWith('nats-server-') || !name.endsWith(suffix)) return undefined
  return parseVersion(name.slice('nats-server-'.length, -suffix.length))
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
