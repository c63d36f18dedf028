import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Retryable, Terminal } from '@pitcrew/errors'
import { withFileLock } from './file-lock.ts'
import { apt } from './obtain/apt.ts'
import { cache, firstWritable, keep, userCache } from './obtain/cache.ts'
import { docker } from './obtain/docker.ts'
import { go } from './obtain/go.ts'
import { path } from './obtain/path.ts'
import { release } from './obtain/release.ts'
import type { Found, Missed, Source, SourceName } from './obtain/source.ts'
import { probe } from './probe.ts'
import type { Environment } from './run.ts'
import { OLDEST_SUPPORTED } from './version.ts'

export interface NatsServer {
  /** Absolute path of an executable of a supported version. */
  path: string
  /** `2.14.9` */
  version: string
  source: SourceName
}

/** One line of what is going on, fit to be shown. */
export interface Attempt {
  source: SourceName
  outcome: 'trying' | 'missed' | 'found'
  words: string
}

export interface FindOptions {
  /** A folder of the project for what is fetched (`.pitcrew/bin`); made when needed. */
  cacheDir: string
  env?: Environment
  onProgress?: (attempt: Attempt) => void
}

interface Finder {
  env: Environment
  caches: string[]
  /** The cache that what is fetched goes to, and beside it the work of fetching: /tmp may well forbid to run files. */
  keepIn: string | undefined
  report: (attempt: Attempt) => void
  missed: Attempt[]
}

const AT_HAND: Source[] = [path, cache]
/** The quick ones first: what apt downloads in 3 s, Go builds in 24 to 60 s (ADR 13). */
const TO_FETCH: Source[] = [release, apt, go, docker]
/** Longer than the slowest build: then the other process is not coming back. */
const FETCHED_BY_ANOTHER_MS = 420_000

/**
 * Finds a nats-server, and fetches one when the machine has none: PITCREW_NATS_SERVER, PATH, what was fetched earlier, the
 * release archive, Debian's newest suite, Go, the Docker image.
 *
 * Throws Terminal NATS_SERVER_UNUSABLE or NATS_SERVER_TOO_OLD when PITCREW_NATS_SERVER names one that will not do, and
 * Retryable NATS_SERVER_UNAVAILABLE with every attempt and its reason when nothing worked.
 */
export async function findNatsServer({
  cacheDir,
  env = process.env,
  onProgress = () => {},
}: FindOptions): Promise<NatsServer> {
  if (env.PITCREW_NATS_SERVER) return named(env.PITCREW_NATS_SERVER, env)
  const ofUser = userCache(env)
  const caches = ofUser ? [ofUser, cacheDir] : [cacheDir]
  const finder: Finder = { env, caches, keepIn: undefined, report: onProgress, missed: [] }
  const atHand = await firstOf(AT_HAND, finder)
  if (atHand) return atHand
  const keepIn = firstWritable(caches)
  if (!keepIn) return unavailable([...finder.missed, unwritable(caches)])
  return (await fetchOnce({ ...finder, keepIn }, keepIn)) ?? unavailable(finder.missed)
}

/** Of several processes that find nothing at the same moment one fetches; the others then take it from the cache. */
function fetchOnce(finder: Finder, keepIn: string): Promise<NatsServer | undefined> {
  return withFileLock(join(keepIn, '.fetching'), FETCHED_BY_ANOTHER_MS, async () => {
    const byAnother = await firstOf([cache], { ...finder, keepIn: undefined, report: () => {}, missed: [] })
    return byAnother ?? firstOf(TO_FETCH, finder)
  })
}

async function named(file: string, env: Environment): Promise<NatsServer> {
  const result = await probe(file, env)
  const hint = 'correct PITCREW_NATS_SERVER, or unset it and Pitcrew finds a server itself'
  switch (result.kind) {
    case 'usable':
      return { path: file, version: result.version.text, source: 'environment' }
    case 'too-old':
      throw new Terminal('NATS_SERVER_TOO_OLD', `PITCREW_NATS_SERVER: ${result.reason}`, { hint })
    case 'unusable':
      throw new Terminal('NATS_SERVER_UNUSABLE', `PITCREW_NATS_SERVER: ${result.reason}`, { hint })
  }
}

async function firstOf(sources: Source[], finder: Finder): Promise<NatsServer | undefined> {
  for (const source of sources) {
    finder.report({ source: source.name, outcome: 'trying', words: source.trying })
    const outcome = await attempt(source, finder)
    if (typeof outcome !== 'string') {
      finder.report({
        source: source.name,
        outcome: 'found',
        words: `nats-server ${outcome.version} at ${outcome.path}`,
      })
      return outcome
    }
    const miss: Attempt = { source: source.name, outcome: 'missed', words: outcome }
    finder.missed.push(miss)
    finder.report(miss)
  }
  return undefined
}

/** The server, or why this source has none. */
async function attempt(source: Source, { env, caches, keepIn }: Finder): Promise<NatsServer | string> {
  if (!keepIn) return firstUsable(source, await source.look({ env, caches, scratch: '' }), env)
  const scratch = join(keepIn, '.scratch')
  rmSync(scratch, { recursive: true, force: true })
  mkdirSync(scratch)
  try {
    const server = await firstUsable(source, await source.look({ env, caches, scratch }), env)
    return typeof server === 'string' ? server : { ...server, path: keep(server.path, server.version, keepIn) }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function firstUsable(source: Source, looked: Found[] | Missed, env: Environment): Promise<NatsServer | string> {
  if (!Array.isArray(looked)) return looked.reason
  const reasons: string[] = []
  for (const { path } of looked) {
    const result = await probe(path, env)
    if (result.kind === 'usable') return { path, version: result.version.text, source: source.name }
    reasons.push(result.reason)
  }
  return reasons.join('; ')
}

function unwritable(caches: string[]): Attempt {
  return {
    source: 'cache',
    outcome: 'missed',
    words: `nothing was fetched, for ${caches.join(' or ')} cannot be written`,
  }
}

function unavailable(attempts: Attempt[]): never {
  const tried = attempts.map(({ source, words }) => `${source}: ${words}`)
  throw new Retryable(
    'NATS_SERVER_UNAVAILABLE',
    [`no nats-server ${OLDEST_SUPPORTED} or newer was found or could be fetched:`, ...tried].join('\n  '),
    {
      hint: 'set PITCREW_NATS_SERVER to the path of a nats-server, or NATS_URL to the address of one that runs',
      details: { attempts: tried },
    },
  )
}
