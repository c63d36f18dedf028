/**
 * Whether Testcontainers can be used here, decided quickly: a Docker engine that answers within a second and has the image, or
 * begins to pull it within a few. What could not be pulled is remembered for ten minutes, so that only one spec waits.
 *
 * TESTCONTAINERS=off says no without looking; TESTCONTAINERS=on turns a no into a failure.
 */
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { request, type RequestOptions } from 'node:http'
import { homedir, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { Terminal } from '@pitcrew/errors'

const answerMs = 1_000
const firstProgressMs = 5_000
const pullMs = 180_000
const rememberMs = 10 * 60_000
/** Removes containers whose test process died; where it cannot be had, those that are not stopped stay behind. */
const reaper = process.env.RYUK_CONTAINER_IMAGE ?? 'testcontainers/ryuk:0.14.0'

/** What Testcontainers would run this image on, or undefined for "not here". Says once on standard error which it is. */
export async function containersFor(image: string): Promise<boolean> {
  const mode = process.env.TESTCONTAINERS ?? 'auto'
  const engine = mode === 'off' ? undefined : await answeringEngine()
  const usable = engine !== undefined && (await available(engine, image))
  if (!usable && mode === 'on') {
    throw new Terminal('NO_CONTAINERS', `TESTCONTAINERS=on, but no Docker engine could give ${image}`, {
      hint: 'start Docker, or unset TESTCONTAINERS to use the local stand-ins',
    })
  }
  if (engine !== undefined && usable && !(await available(engine, reaper)))
    process.env.TESTCONTAINERS_RYUK_DISABLED = 'true'
  return usable
}

type Engine = Pick<RequestOptions, 'socketPath' | 'host' | 'port'>

function engines(): Engine[] {
  const named = process.env.DOCKER_HOST
  if (named === undefined) {
    return [
      '/var/run/docker.sock',
      join(homedir(), '.docker/run/docker.sock'),
      join(process.env.XDG_RUNTIME_DIR ?? '/run', 'docker.sock'),
    ]
      .filter((path) => existsSync(path))
      .map((socketPath) => ({ socketPath }))
  }
  const url = new URL(named)
  return url.protocol === 'unix:' ? [{ socketPath: url.pathname }] : [{ host: url.hostname, port: url.port || 2375 }]
}

async function answeringEngine(): Promise<Engine | undefined> {
  for (const engine of engines()) {
    const status = await call(engine, 'GET', '/_ping', { idleMs: answerMs })
    if (status === 200) return engine
  }
  return undefined
}

async function available(engine: Engine, image: string): Promise<boolean> {
  if (await present(engine, image)) return true
  const verdict = join(tmpdir(), `pitcrew-${userInfo().uid}`, `no-image-${image.replace(/\W/g, '-')}`)
  if (existsSync(verdict) && Date.now() - statSync(verdict).mtimeMs < rememberMs) return false
  const [name, tag] = image.split(':')
  await call(engine, 'POST', `/images/create?fromImage=${name}&tag=${tag}`, {
    idleMs: firstProgressMs,
    totalMs: pullMs,
  })
  if (await present(engine, image)) return true
  mkdirSync(join(verdict, '..'), { recursive: true })
  writeFileSync(verdict, '')
  return false
}

async function present(engine: Engine, image: string): Promise<boolean> {
  return (await call(engine, 'GET', `/images/${image}/json`, { idleMs: answerMs })) === 200
}

/** The HTTP status once the whole answer is there; undefined when nothing came for `idleMs`, or not all within `totalMs`. */
function call(engine: Engine, method: string, path: string, limit: { idleMs: number; totalMs?: number }) {
  const { promise, resolve } = Promise.withResolvers<number | undefined>()
  const signal = AbortSignal.timeout(limit.totalMs ?? limit.idleMs)
  const sent = request({ ...engine, method, path, signal, timeout: limit.idleMs }, (response) => {
    response.resume()
    response.once('end', () => resolve(response.statusCode))
    response.once('error', () => resolve(undefined))
  })
  sent.once('timeout', () => sent.destroy())
  sent.once('error', () => resolve(undefined))
  sent.end()
  return promise
}
