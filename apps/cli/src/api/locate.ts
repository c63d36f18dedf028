import { resolve } from 'node:path'
import { Retryable, Terminal } from '@pitcrew/errors'
import { callerDir } from '../platform/checkout.ts'
import { runningState } from '../platform/state-file.ts'
import { Door } from './door.ts'
import { Gateway } from './gateway.ts'

export interface Target {
  /** Of a platform's gateway. */
  url?: string
  /** Folder of a platform on this machine. */
  data: string
}

export interface Doors {
  gateway: string
  ingest: string
}

/** The doors of a platform that runs: by --url, PITCREW_URL, or what the platform of the data folder wrote down. */
export function findDoors(
  { url, data }: Target,
  env: Record<string, string | undefined> = process.env,
): Doors | undefined {
  const gateway = url ?? (env.PITCREW_URL || undefined)
  if (gateway !== undefined) return { gateway: checked(gateway), ingest: env.PITCREW_INGEST_URL || besides(gateway) }
  const state = runningState(resolve(callerDir(env), data))
  return state && { gateway: state.urls.gateway ?? '', ingest: state.urls.ingest ?? '' }
}

/** Throws Retryable NO_PLATFORM. */
export function openDoor(target: Target, env: Record<string, string | undefined> = process.env): Door {
  const doors = findDoors(target, env)
  if (doors) return new Door(doors.gateway, { token: env.PITCREW_TOKEN || undefined })
  throw new Retryable('NO_PLATFORM', `no platform runs on ${resolve(callerDir(env), target.data)}`, {
    hint: './pitcrew up starts one; --url or PITCREW_URL names one elsewhere',
  })
}

/** Throws Retryable NO_PLATFORM. */
export function openGateway(target: Target, env: Record<string, string | undefined> = process.env): Gateway {
  const { url, options } = openDoor(target, env)
  return new Gateway(url, options)
}

/** Where ingest is by default when all that is known is the gateway: the same host, port 8081. */
function besides(gateway: string): string {
  const url = new URL(checked(gateway))
  url.port = '8081'
  return url.origin
}

function checked(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return new URL(url).origin
  throw new Terminal('BAD_USAGE', `"${url}" is not the url of a gateway: expected http://host:port`, {
    hint: 'for example --url http://127.0.0.1:8080',
  })
}
