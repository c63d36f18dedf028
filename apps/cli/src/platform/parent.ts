import type { Failure } from '@pitcrew/errors'

/** What a platform in the background tells the command that started it. */
export type Told = { text: string } | { ready: true } | { failed: Pick<Failure, 'code' | 'message' | 'hint'> }

export const detachedKey = 'PITCREW_DETACHED'

/** Goes nowhere unless this process was detached by `up --detach`, which still listens. */
export function tellParent(told: Told): void {
  if (process.env[detachedKey] && process.connected) process.send?.(told)
}
