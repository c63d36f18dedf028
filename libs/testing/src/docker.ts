/**
 * Whether Testcontainers can be used here, decided quickly: a Docker engine that answers within a second and has the image, or
 * begins to pull it within a few. What could not be pulled is remembered for ten minutes, so that only one spec waits.
 *
 * TESTCONTAINERS=off says no without looking; TESTCONTAINERS=on turns a no into a failure.
 */
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { Terminal } from '@pitcrew/errors'
import { answeringEngine, ask, type Engine } from './docker-engine.ts'
import { removeOrphans } from './orphans.ts'

const pull = { idleMs: 5_000, totalMs: 180_000 }
const rememberMs = 10 * 60_000
/** Testcontainers' own remover of what a dead test left; we have one for where this cannot be had. */
const reaper = process.env.RYUK_CONTAINER_IMAGE ?? 'testcontainers/ryuk:0.14.0'

export async function containersFor(image: string): Promise<boolean> {
  const mode = process.env.TESTCONTAINERS ?? 'auto'
  const engine = mode === 'off' ? undefined : await answeringEngine()
  if (engine !== undefined && (await available(engine, image))) {
    await prepare(engine)
    return true
  }
  if (mode !== 'on') return false
  throw new Terminal('NO_CONTAINERS', `TESTCONTAINERS=on, but no Docker engine could give ${image}`, {
    hint: 'start Docker, or unset TESTCONTAINERS to use the local stand-ins',
  })
}

async function prepare(engine: Engine): Promise<void> {
  if (await available(engine, reaper)) return
  process.env.TESTCONTAINERS_RYUK_DISABLED = 'true'
  await removeOrphans(engine)
}

async function available(engine: Engine, image: string): Promise<boolean> {
  if (await present(engine, image)) return true
  const verdict = join(tmpdir(), `pitcrew-${userInfo().uid}`, `no-image-${image.replaceAll(/\W/g, '-')}`)
  if (existsSync(verdict) && Date.now() - statSync(verdict).mtimeMs < rememberMs) return false
  const [name, tag] = image.split(':')
  await ask(engine, 'POST', `/images/create?fromImage=${name}&tag=${tag}`, pull)
  if (await present(engine, image)) return true
  mkdirSync(join(verdict, '..'), { recursive: true })
  writeFileSync(verdict, '')
  return false
}

async function present(engine: Engine, image: string): Promise<boolean> {
  return (await ask(engine, 'GET', `/images/${image}/json`)).status === 200
}
