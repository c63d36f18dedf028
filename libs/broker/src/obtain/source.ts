import type { Environment } from '../run.ts'

/** Where a nats-server can come from, in the order in which they are tried. */
export type SourceName = 'environment' | 'path' | 'cache' | 'release' | 'go' | 'apt' | 'docker'

/** What a source is given. */
export interface Search {
  env: Environment
  /** Folders that may hold a server fetched earlier, the preferred one first. */
  caches: string[]
  /** An empty folder for a source that fetches; removed by the caller. */
  scratch: string
}

/** What a source came back with: a file that may be a nats-server (the caller checks), or why there is none. */
export type Found = { kind: 'found'; path: string }
export type Missed = { kind: 'missed'; reason: string }

export interface Source {
  name: SourceName
  /** What is being tried, in plain words. */
  trying: string
  /** Several candidates where a source has several; a source never throws for being unavailable. */
  look(search: Search): Promise<Found[] | Missed>
}

export const found = (path: string): Found[] => [{ kind: 'found', path }]
export const missed = (reason: string): Missed => ({ kind: 'missed', reason })

/** The names that the Go world gives this platform (`linux`, `amd64`); undefined where no release is made for it. */
export function goPlatform(): { os: string; arch: string } | undefined {
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch as string]
  if (!arch || (process.platform !== 'linux' && process.platform !== 'darwin')) return undefined
  return { os: process.platform, arch }
}
