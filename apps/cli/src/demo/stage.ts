/** Where a demonstration or a replay takes place: a platform that runs, or one of its own. */
import { Cancelled, toFailure } from '@pitcrew/errors'
import { Gateway } from '../api/gateway.ts'
import { findDoors, type Target } from '../api/locate.ts'
import type { Env } from '../platform/hosted-service.ts'
import type { Platform, Step } from '../platform/platform.ts'

export interface Stage {
  gateway: Gateway
  ingest: string
  token: string | undefined
  /** Undefined on a platform that was running before. */
  platform: Platform | undefined
  /** Fires on Ctrl-C. */
  signal: AbortSignal
}

export interface StageOptions {
  target: Target
  /** Never on a platform that runs, because this breaks things on purpose or needs hurried people. */
  alone?: boolean
  /** Settings of a platform of its own. */
  settings?: Env
  onStep?: (step: Step) => void
}

/** Runs `act` there and leaves nothing behind: a platform of its own ends with it, also on Ctrl-C. */
export async function onStage<T>(options: StageOptions, act: (stage: Stage) => Promise<T>): Promise<T> {
  const interrupted = new AbortController()
  const interrupt = () => {
    if (interrupted.signal.aborted) process.exit(130)
    interrupted.abort(new Cancelled('INTERRUPTED', 'it was interrupted'))
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  const { signal } = interrupted
  try {
    const doors = options.alone ? undefined : findDoors(options.target)
    const token = process.env.PITCREW_TOKEN || undefined
    if (doors) {
      const gateway = new Gateway(doors.gateway, { token, signal })
      // Now rather than after the patience of whatever comes first.
      await gateway.statistics()
      return await act({ gateway, ingest: doors.ingest, token, platform: undefined, signal })
    }
    return await onOwnPlatform(options, signal, act)
  } catch (error) {
    throw signal.aborted ? toFailure(signal.reason) : error
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

async function onOwnPlatform<T>(
  { settings = {}, onStep }: StageOptions,
  signal: AbortSignal,
  act: (stage: Stage) => Promise<T>,
): Promise<T> {
  const { startPrivatePlatform } = await import('../platform/private-platform.ts')
  const { platform, remove } = await startPrivatePlatform(settings, onStep)
  try {
    signal.throwIfAborted()
    const { gateway: url = '', ingest = '' } = platform.urls
    await platform.simulator?.seeded
    return await act({ gateway: new Gateway(url, { signal }), ingest, token: undefined, platform, signal })
  } finally {
    await remove()
  }
}
