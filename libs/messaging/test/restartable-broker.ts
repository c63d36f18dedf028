import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findNatsServer, startBroker, type Broker } from '@pitcrew/broker'
import { provisionStreams } from '@pitcrew/messaging'
import { clientsOf } from './fixture.ts'

/** A broker with the platform's streams that comes back on the same port and store, as a supervisor would see to. */
export async function restartableBroker() {
  const home = mkdtempSync(join(tmpdir(), 'pitcrew-restart-'))
  const { path } = await findNatsServer({ cacheDir: join(import.meta.dirname, '../../../.pitcrew/bin') })
  const start = (port: number) =>
    startBroker({ executable: path, storeDir: join(home, 'store'), syncAlways: false, port })
  let server: Broker = await start(0)
  const clients = clientsOf(() => server.url)
  const operator = await clients.client('gateway', 'operator')
  const provision = () => provisionStreams(operator.connection, { replicas: 1, fileStorage: true })
  await provision()
  return {
    url: () => server.url,
    client: clients.client,
    /** For what no service may do. */
    operator: operator.connection,
    provision,
    async kill() {
      server.kill()
      await server.exited
      await server.stop()
    },
    async start() {
      server = await start(server.port)
    },
    async stop() {
      await clients.drain()
      await server.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
