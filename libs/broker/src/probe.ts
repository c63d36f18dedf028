import { run, type Environment } from './run.ts'
import { isSupported, OLDEST_SUPPORTED, parseVersion, type ServerVersion } from './version.ts'

/** What a file on disk turned out to be when asked for its version. */
export type Probe =
  | { kind: 'usable'; version: ServerVersion }
  | { kind: 'too-old'; version: ServerVersion; reason: string }
  | { kind: 'unusable'; reason: string }

/** Asks the binary itself: a file that is there but does not run on this machine (other libc, noexec mount) is unusable. */
export async function probe(path: string, env: Environment): Promise<Probe> {
  const result = await run(path, ['--version'], { env, timeoutMs: 10_000 })
  if (!result.ok) return { kind: 'unusable', reason: `${path} does not run: ${result.reason}` }
  const version = parseVersion(result.stdout)
  if (!version) return { kind: 'unusable', reason: `${path} is not a nats-server: it printed no version` }
  if (isSupported(version)) return { kind: 'usable', version }
  const reason = `${path} is ${version.text}, Pitcrew needs ${OLDEST_SUPPORTED} or newer`
  return { kind: 'too-old', version, reason }
}
