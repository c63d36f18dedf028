/** What the clients and the engine rely on (delayed delivery, cron schedules, consumer reset) begins with this release. */
export const OLDEST_SUPPORTED = '2.14'

/** The release that is fetched or built when the machine has none of its own. */
export const PINNED_RELEASE = '2.14.9'

export interface ServerVersion {
  major: number
  minor: number
  patch: number
  /** As the server printed it, without the leading v: `2.14.9`, `2.15.0-RC.1`. */
  text: string
}

/** Reads what `nats-server --version` prints (`nats-server: v2.14.9`) or a bare version; undefined if there is none in it. */
export function parseVersion(printed: string): ServerVersion | undefined {
  const match = /(?:^|[^\d.])(\d+)\.(\d+)\.(\d+)(-[\w.]+)?/.exec(printed)
  if (!match) return undefined
  const [, major, minor, patch, suffix = ''] = match
  return {
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    text: `${major}.${minor}.${patch}${suffix}`,
  }
}

export function isSupported(version: ServerVersion): boolean {
  const [major = 0, minor = 0] = OLDEST_SUPPORTED.split('.').map(Number)
  return version.major > major || (version.major === major && version.minor >= minor)
}

/** Sort order, newest first. */
export function newestFirst(a: ServerVersion, b: ServerVersion): number {
  return b.major - a.major || b.minor - a.minor || b.patch - a.patch
}
