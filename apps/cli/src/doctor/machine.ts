/** What this machine has. */
import { execFile } from 'node:child_process'
import { globSync, statfsSync } from 'node:fs'
import { freemem, homedir, totalmem } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { isSupported, OLDEST_SUPPORTED, parseVersion } from '@pitcrew/broker'
import { binDir, root } from '../platform/checkout.ts'
import { fail, ok, warn, type Finding } from './finding.ts'

const run = promisify(execFile)
const gibibyte = 1024 ** 3

/** First line that the program prints; undefined when it cannot be run. */
async function firstLine(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run(program, args, { timeout: 5_000 })
    return stdout.trim().split('\n')[0] ?? ''
  } catch {
    return undefined // not there, or it does not work: for its user that is the same
  }
}

export async function node(): Promise<Finding> {
  const major = Number(process.versions.node.split('.')[0])
  if (major >= 24) return ok('node', process.version)
  return fail('node', `${process.version}, expected 24 or newer`, 'start Pitcrew with ./pitcrew, which brings its own')
}

export async function program(name: string): Promise<Finding> {
  const version = await firstLine(name, ['--version'])
  return version === undefined ? fail(name, 'not on PATH', `install ${name}`) : ok(name, version)
}

/** In the order in which `./pitcrew up` looks. */
export async function natsServer(env: Record<string, string | undefined>): Promise<Finding> {
  const name = 'nats-server'
  if (env.NATS_URL) return ok(name, `NATS_URL is set: ${env.NATS_URL.replaceAll(/\/\/[^@/]*@/g, '//')} is used`)
  const cached = globSync(join(binDir, 'nats-server*')).concat(globSync(join(homedir(), '.cache/pitcrew/nats-server*')))
  const candidates = env.PITCREW_NATS_SERVER ? [env.PITCREW_NATS_SERVER] : ['nats-server', ...cached]
  for (const candidate of candidates) {
    const version = parseVersion((await firstLine(candidate, ['--version'])) ?? '')
    if (version && isSupported(version)) return ok(name, `${version.text} (${candidate})`)
  }
  if (env.PITCREW_NATS_SERVER) {
    const words = `PITCREW_NATS_SERVER=${env.PITCREW_NATS_SERVER} is no nats-server of ${OLDEST_SUPPORTED} or newer`
    return fail(name, words, 'correct it, or unset it and Pitcrew finds one itself')
  }
  const words = `none of ${OLDEST_SUPPORTED} or newer here; ./pitcrew up fetches one: release archive, Go, Debian, Docker`
  return warn(name, words, 'nothing with a network; without one set PITCREW_NATS_SERVER')
}

export async function docker(): Promise<Finding> {
  const version = await firstLine('docker', ['version', '--format', '{{.Server.Version}}'])
  if (version) return ok('docker', version)
  return warn('docker', 'does not answer', 'only needed for docker compose; tests then use local binaries')
}

export async function disk(): Promise<Finding> {
  const { bavail, bsize } = statfsSync(root)
  const free = (bavail * bsize) / gibibyte
  const words = `${free.toFixed(1)} GiB free`
  if (free < 0.5) return fail('disk', `${words}, expected 0.5 at least`, 'free some space')
  return free < 2 ? warn('disk', words, 'free some space: 2 GiB are comfortable') : ok('disk', words)
}

export async function memory(): Promise<Finding> {
  const words = `${(freemem() / gibibyte).toFixed(1)} of ${(totalmem() / gibibyte).toFixed(1)} GiB free`
  return totalmem() < 2 * gibibyte
    ? warn('memory', words, 'the embedded database alone takes half a GiB')
    : ok('memory', words)
}
