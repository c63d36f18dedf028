import { join } from 'node:path'
import type { Contender, Place, RunningContender } from '../contender.ts'
import type { MeasureAnswers } from '../measure.ts'
import { stopAll } from '../stop-all.ts'
import { forkWorker } from '../worker.ts'
import { findPostgres, type Postgres } from './find-postgres.ts'
import { installPeer } from './install.ts'
import { startPostgres } from './postgres-server.ts'

const version = '5.3.0'
const versions = { '@dbos-inc/dbos-sdk': version }

export async function dbos({ cacheDir, runDir }: Place): Promise<Contender> {
  const folder = await installPeer(cacheDir, { peer: 'dbos', versions })
  const postgres = await findPostgres(cacheDir)
  return {
    name: 'dbos',
    label: `DBOS ${version}`,
    setup:
      `PostgreSQL ${postgres.version} (fsync and synchronous_commit on, 200 connections) and one process in Node that ` +
      'runs the workflows, each step a DBOS.runStep, and starts them; a pool of 20 connections',
    start: () => start(folder, postgres, join(runDir, 'postgres')),
  }
}

async function start(folder: string, postgres: Postgres, dataDir: string): Promise<RunningContender> {
  const running: { stop(): Promise<unknown> }[] = []
  try {
    const server = await startPostgres(postgres, dataDir)
    running.push(server)
    const worker = await forkWorker<MeasureAnswers>(join(import.meta.dirname, 'dbos-worker.ts'), {
      args: [folder, server.url],
    })
    running.push(worker)
    const pids = [server.pid, worker.pid]
    return {
      pids,
      measure: (cell, plan) => worker.ask('measure', { cell, plan, watched: pids }),
      stop: () => stopAll(running),
    }
  } catch (error) {
    await stopAll(running)
    throw error
  }
}
