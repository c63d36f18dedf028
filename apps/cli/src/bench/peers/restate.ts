import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Retryable } from '@pitcrew/errors'
import type { Contender, Place, RunningContender } from '../contender.ts'
import { freePorts } from '../../platform/ports.ts'
import type { MeasureAnswers } from '../measure.ts'
import { startProgram, type Program } from '../program.ts'
import { stopAll } from '../stop-all.ts'
import { until } from '../until.ts'
import { forkWorker } from '../worker.ts'
import { installPeer } from './install.ts'
import type { EndpointAnswers } from './restate-endpoint.ts'

const version = '1.7.12'
const versions = { '@restatedev/restate-server': version, '@restatedev/restate-sdk': '1.17.2' }

/** The server as it is shipped: log server and partition processors in one process, its log's fsync on, 24 partitions. */
export async function restate({ cacheDir, runDir }: Place): Promise<Contender> {
  const folder = await installPeer(cacheDir, { peer: 'restate', versions })
  return {
    name: 'restate',
    label: `Restate ${version}`,
    setup:
      'server as shipped (fsync of its log is on), one service endpoint in Node, each step a ctx.run; load over its HTTP ' +
      'ingress on kept-alive connections from a process that is not counted',
    start: () => start(folder, join(runDir, 'restate')),
  }
}

async function start(folder: string, dataDir: string): Promise<RunningContender> {
  mkdirSync(dataDir, { recursive: true })
  const [ingress, admin, fabric] = (await freePorts(3)) as [number, number, number]
  const running: { stop(): Promise<unknown> }[] = []
  try {
    const server = await startServer(folder, dataDir, { ingress, admin, fabric })
    running.push(server)
    const endpoint = await forkWorker<EndpointAnswers>(join(import.meta.dirname, 'restate-endpoint.ts'), {
      args: [folder],
    })
    running.push(endpoint)
    const { port } = await endpoint.ask('listen', undefined)
    await until('Restate', server.said, () => register(admin, port))
    const load = await forkWorker<MeasureAnswers>(join(import.meta.dirname, 'restate-load.ts'), {
      args: [String(ingress)],
    })
    running.push(load)
    const pids = [server.pid, endpoint.pid]
    return {
      pids,
      measure: (cell, plan) => load.ask('measure', { cell, plan, watched: pids }),
      stop: () => stopAll(running),
    }
  } catch (error) {
    await stopAll(running)
    throw error
  }
}

function startServer(
  folder: string,
  dataDir: string,
  ports: Record<'ingress' | 'admin' | 'fabric', number>,
): Promise<Program> {
  const platform = `${process.platform}-${process.arch}`
  const file = join(folder, `node_modules/@restatedev/restate-server-${platform}/bin/restate-server`)
  const args = [
    '--base-dir',
    dataDir,
    '--node-name',
    'bench',
    '--listen-mode',
    'tcp',
    '--bind-ip',
    '127.0.0.1',
    '--no-logo',
  ]
  const env = {
    RESTATE_INGRESS__BIND_PORT: String(ports.ingress),
    RESTATE_ADMIN__BIND_PORT: String(ports.admin),
    RESTATE_BIND_PORT: String(ports.fabric),
    RESTATE_LOG_FILTER: 'warn',
    RESTATE_DISABLE_TELEMETRY: 'true',
    DO_NOT_TRACK: '1',
  }
  return startProgram(file, args, { cwd: dataDir, env })
}

async function register(admin: number, endpoint: number): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${admin}/deployments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uri: `http://127.0.0.1:${endpoint}` }),
    signal: AbortSignal.timeout(5_000),
  })
  if (!response.ok) throw new Retryable('RESTATE_REFUSED', `the endpoint was not registered: ${await response.text()}`)
}
