import { join } from 'node:path'
import { onPath, run } from '../run.ts'
import { OLDEST_SUPPORTED } from '../version.ts'
import { found, missed, type Source } from './source.ts'

const IMAGE = `nats:${OLDEST_SUPPORTED}`
/** Where the official images keep it: the one from nothing, and the one on Alpine. */
const PLACES = ['/nats-server', '/usr/local/bin/nats-server']

/** The binary out of the official image (it is statically linked); the container is made but never started. */
export const docker: Source = {
  name: 'docker',
  trying: `the Docker image ${IMAGE}`,
  async look({ env, scratch }) {
    if (process.platform !== 'linux') return missed('the image holds a Linux server')
    if (!onPath('docker', env)) return missed('Docker is not on PATH')
    const alive = await run('docker', ['version', '--format', '{{.Server.Version}}'], { env, timeoutMs: 5_000 })
    if (!alive.ok) return missed(`Docker does not answer: ${alive.reason}`)
    const created = await run('docker', ['create', IMAGE], { env, timeoutMs: 90_000 })
    if (!created.ok) return missed(`${IMAGE} does not load: ${created.reason}`)
    const container = created.stdout.trim().split('\n').at(-1)!
    const target = join(scratch, 'nats-server')
    try {
      for (const place of PLACES) {
        const copied = await run('docker', ['cp', '-L', `${container}:${place}`, target], { env, timeoutMs: 30_000 })
        if (copied.ok) return found(target)
      }
      return missed(`${IMAGE} holds no nats-server in ${PLACES.join(' or ')}`)
    } finally {
      await run('docker', ['rm', '-f', container], { env, timeoutMs: 10_000 })
    }
  },
}
