/** A PostgreSQL of its own for one run, as Debian configures it: fsync and synchronous_commit stay on. */
import { chownSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { freePorts } from '../../platform/ports.ts'
import { runProgram, startProgram, type User } from '../program.ts'
import { until } from '../until.ts'
import type { Postgres } from './find-postgres.ts'

export interface PostgresServer {
  pid: number
  url: string
  stop(): Promise<void>
}

export const postgresSettings = { max_connections: '200', fsync: 'on', synchronous_commit: 'on' }

export async function startPostgres(postgres: Postgres, folder: string): Promise<PostgresServer> {
  const { binDir, env } = postgres
  const user = process.getuid?.() === 0 ? await someUser() : undefined
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (user) chownSync(folder, user.uid, user.gid)
  const dataDir = join(folder, 'cluster')
  const options = { env, cwd: folder, ...(user && { user }) }
  const choices = ['-U', 'bench', '-A', 'trust', '--no-locale', '-E', 'UTF8']
  await runProgram(join(binDir, 'initdb'), ['-D', dataDir, ...choices], { ...options, timeoutMs: 60_000 })
  const [port] = (await freePorts(1)) as [number]
  const settings = { ...postgresSettings, listen_addresses: '127.0.0.1', unix_socket_directories: '', jit: 'off' }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = await startProgram(join(binDir, 'postgres'), ['-D', dataDir, '-p', String(port), ...flags], options)
  await until('PostgreSQL', server.said, async () => {
    if (!server.said().includes('ready to accept connections')) throw new Error('it is not ready')
  })
  return {
    pid: server.pid,
    url: `postgresql://bench@127.0.0.1:${port}/bench`,
    async stop() {
      // Fast shutdown: connections are ended, not waited for.
      await server.stop('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** PostgreSQL refuses root. */
async function someUser(): Promise<User> {
  const ids = ['-u', '-g'].map((flag) => runProgram('id', [flag, 'nobody'], { timeoutMs: 5_000 }))
  const [uid, gid] = (await Promise.all(ids)).map(Number) as [number, number]
  return { uid, gid }
}
