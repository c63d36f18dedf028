import { readFileSync, statSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, nkeyAuthenticator, type ConnectionOptions } from '@nats-io/transport-node'
import {
  ensureIdentities,
  startBroker,
  type Broker,
  type BrokerUser,
  type Identity,
  type StartOptions,
} from '../src/index.ts'
import { OBTAIN_MS, realServer, scratch, until, type Scratch } from './real-server.ts'

let executable: string
let dir: Scratch
let running: Broker[]

beforeAll(async () => void (executable = (await realServer()).path), OBTAIN_MS)
beforeEach(() => {
  dir = scratch()
  running = []
})
afterEach(async () => {
  for (const broker of running) await broker.stop()
  dir[Symbol.dispose]()
})

async function start(options: Partial<StartOptions> = {}): Promise<Broker> {
  const broker = await startBroker({ executable, storeDir: join(dir.path, 'store'), syncAlways: true, ...options })
  running.push(broker)
  return broker
}

function client(broker: Broker, identity?: Identity, options: ConnectionOptions = {}) {
  const authenticator = identity ? nkeyAuthenticator(new TextEncoder().encode(identity.seed)) : undefined
  return connect({ servers: broker.url, authenticator, reconnect: false, ...options })
}

/** Two services: one may publish orders and read nothing, the other may read orders and publish nothing. */
async function twoServices(): Promise<{ sender: Identity; reader: Identity; users: BrokerUser[] }> {
  const { sender, reader } = await ensureIdentities(dir.path, ['sender', 'reader'])
  const users: BrokerUser[] = [
    {
      nkey: sender.publicKey,
      inboxPrefix: '_INBOX_sender',
      permissions: { publish: { allow: ['orders.>'] }, subscribe: { allow: [] } },
    },
    {
      nkey: reader.publicKey,
      inboxPrefix: '_INBOX_reader',
      permissions: { publish: { allow: [] }, subscribe: { allow: ['orders.>'] } },
    },
  ]
  return { sender, reader, users }
}

const keepLines = { name: 'LINES', subjects: ['lines.>'] }

describe('a broker', () => {
  test('N10 starts on a free port with the asked durability, and ends when told to', async () => {
    const broker = await start()
    const varz = (await (await fetch(`${broker.monitorUrl}/varz`)).json()) as { jetstream: { config: object } }
    expect(varz).toMatchObject({ host: '127.0.0.1', port: broker.port, max_payload: 8 * 1024 * 1024 })
    expect(varz.jetstream.config).toMatchObject({ sync_always: true })
    await broker.stop()
    expect(await broker.exited).toEqual({ code: 0, signal: null })
    await expect(fetch(broker.monitorUrl)).rejects.toThrow()
    expect((await start()).previousRun).toBe('clean')
  })

  test('N5 lets nobody in who is not named', async () => {
    const { users } = await twoServices()
    const broker = await start({ users })
    await expect(client(broker)).rejects.toThrow(/authorization/i)
    const { stranger } = await ensureIdentities(join(dir.path, 'other'), ['stranger'])
    await expect(client(broker, stranger)).rejects.toThrow(/authorization/i)
  })

  test('N5 keeps each user to its own subjects', async () => {
    const { sender, reader, users } = await twoServices()
    const broker = await start({ users })
    const sending = await client(broker, sender)
    const reading = await client(broker, reader)
    const orders = reading.subscribe('orders.>', { max: 1 })
    await reading.flush()
    sending.publish('orders.new', 'one')
    for await (const message of orders) expect(message.string()).toBe('one')

    const refused = (async () => {
      for await (const status of sending.status()) if (status.type === 'error') return status.error.message
    })()
    sending.publish('payments.new', 'two')
    expect(await refused).toMatch(/permissions violation.*publish.*payments\.new/i)
    const forbidden = reading.subscribe('payments.>')
    await expect(forbidden[Symbol.asyncIterator]().next()).rejects.toThrow(/permissions violation/i)
    await Promise.all([sending.close(), reading.close()])
  })

  test('N5 cuts a user off at once when it is no longer named', async () => {
    const { sender, reader, users } = await twoServices()
    const broker = await start({ users })
    const sending = await client(broker, sender)
    const reading = await client(broker, reader)
    await broker.setUsers(users.slice(1))
    expect((await sending.closed())?.message ?? 'closed').toMatch(/authorization|closed/i)
    await expect(client(broker, sender)).rejects.toThrow(/authorization/i)
    await reading.flush()
    expect(reading.isClosed()).toBe(false)
    await reading.close()
  })

  test('refuses to ask for users once it has begun without', async () => {
    const { users } = await twoServices()
    await expect((await start()).setUsers(users)).rejects.toMatchObject({ code: 'BROKER_OPEN' })
  })

  test('N1 keeps what it acknowledged through kill -9, on the same port', async () => {
    const first = await start()
    const before = await client(first)
    await (await jetstreamManager(before)).streams.add(keepLines)
    for (let i = 0; i < 50; i++) await jetstream(before).publish(`lines.${i}`, String(i))
    first.kill()
    expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' })

    const second = await start({ port: first.port })
    expect(second).toMatchObject({ previousRun: 'crashed', url: first.url })
    const after = await client(second)
    const stream = await (await jetstreamManager(after)).streams.info('LINES')
    expect(stream.state).toMatchObject({ messages: 50, last_seq: 50 })
    await after.close()
  })

  test('refuses a store that another broker runs on', async () => {
    await start()
    await expect(start()).rejects.toMatchObject({ code: 'BROKER_STORE_IN_USE', kind: 'terminal' })
  })

  test('lets one of two in who start on a store at once', async () => {
    const started = await Promise.allSettled([start(), start()])
    expect(started.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('says that the port is taken, and leaves the store free', async () => {
    const squatter = createServer().listen(0, '127.0.0.1')
    await until(() => squatter.listening)
    const { port } = squatter.address() as AddressInfo
    await expect(start({ port })).rejects.toMatchObject({
      code: 'BROKER_PORT_TAKEN',
      message: expect.stringContaining(String(port)),
    })
    await new Promise((closed) => squatter.close(closed))
    expect((await start({ port })).port).toBe(port)
  })

  test('says what the server said when it does not start for another reason', async () => {
    const tls = { cert: join(dir.path, 'no-cert.pem'), key: join(dir.path, 'no-key.pem') }
    await expect(start({ tls })).rejects.toMatchObject({
      code: 'BROKER_NOT_STARTED',
      message: expect.stringContaining('no-cert.pem'),
    })
    await expect(start({ executable: '/nowhere/nats-server' })).rejects.toMatchObject({ code: 'BROKER_NOT_EXECUTABLE' })
    await expect(start()).resolves.toMatchObject({ previousRun: 'clean' })
  })

  test('keeps its configuration to its owner, and its log beside the store', async () => {
    const broker = await start({ users: [{ name: 'probe', password: 'secret' }] })
    expect(statSync(join(dir.path, 'store', 'nats-server.conf')).mode & 0o777).toBe(0o600)
    expect(broker.logFile).toBe(join(dir.path, 'logs', 'nats-server.log'))
    expect(readFileSync(broker.logFile, 'utf8')).toContain('Server is ready')
    const probe = await client(broker, undefined, { user: 'probe', pass: 'secret' })
    await probe.close()
  })
})
