/** Services in one process, over a real broker, a real database and real sockets. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { credentials, makeGenericClientConstructor, type ServiceDefinition } from '@grpc/grpc-js'
import { scheduling, ueba } from '@pitcrew/contracts'
import type { Database } from '@pitcrew/database'
import { Retryable, Terminal } from '@pitcrew/errors'
import { unary, type RpcService } from '@pitcrew/rpc'
import { defineService, startService, type RunningService, type Service, type ServiceContext } from '@pitcrew/service'
import { service as healthDefinition } from 'grpc-health-check'
import { z } from 'zod'
import { eventually, testBroker, testDatabase, type TestBroker, type TestDatabase } from '../src/index.ts'
import { testTelemetry, type TestTelemetry } from '../src/telemetry.ts'

let broker: TestBroker
let database: TestDatabase
let telemetry: TestTelemetry
const running: RunningService[] = []

beforeAll(async () => {
  ;[broker, database] = await Promise.all([testBroker(), testDatabase()])
}, 120_000)
beforeEach(() => {
  telemetry = testTelemetry()
})
afterEach(async () => {
  for (const service of running.splice(0).reverse()) await service.stop()
  await telemetry.shutdown()
})
afterAll(async () => {
  await broker?.stop()
  await database?.stop()
})

const anyPort = {
  SCHEDULING_GRPC_PORT: '0',
  SCHEDULING_OPS_PORT: '0',
  UEBA_GRPC_PORT: '0',
  UEBA_OPS_PORT: '0',
  UEBA_HTTP_PORT: '0',
}

async function start(service: Service, env: Record<string, string> = {}): Promise<RunningService> {
  const started = await startService(service, {
    env: { NATS_URL: broker.url, DATABASE_URL: database.url, ...anyPort, ...env },
    telemetry,
  })
  running.push(started)
  return started
}

const refuse = unary(async () => {
  throw new Terminal('NOT_FOUND', 'not in this test')
})

type Answer = () => Promise<scheduling.ListSlotsResponse>
const slots = (listSlots: Answer): RpcService => ({
  definition: scheduling.SchedulingServiceService,
  implementation: {
    listSlots: unary(listSlots),
    upsertCentre: refuse,
    listBookings: refuse,
    rescheduleBooking: refuse,
    cancelBooking: refuse,
  },
})

const none = scheduling.ListSlotsResponse.fromPartial({})

function schedulingService(listSlots: Answer = async () => none) {
  return define('scheduling', ({ rpc }) => rpc([slots(listSlots)]))
}

function define(name: 'scheduling' | 'ueba', begin: (context: ServiceContext<unknown>) => Promise<void>): Service {
  return defineService({ name, config: z.object({}), start: begin })
}

const get = async (port: number | undefined, path: string) => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`)
  return { status: response.status, text: await response.text() }
}

function healthOf(port: number | undefined): Promise<string> {
  const Client = makeGenericClientConstructor(healthDefinition as unknown as ServiceDefinition, 'health')
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
  return new Promise<string>((resolve, reject) =>
    client.check!({ service: '' }, (error: unknown, answer: { status: string }) =>
      error ? reject(error) : resolve(answer.status),
    ),
  ).finally(() => client.close())
}

describe('two services in one process', () => {
  test('each have health, readiness and metrics, and call each other', async () => {
    const provider = await start(schedulingService())
    let client: ReturnType<typeof clientOf> | undefined
    const clientOf = ({ client: of }: ServiceContext<unknown>) => of(scheduling.SchedulingServiceClient, 'scheduling')
    const caller = await start(
      define('ueba', async (context) => {
        client = clientOf(context)
        await context.rpc([{ definition: ueba.UebaServiceService, implementation: refuseAll(ueba.UebaServiceService) }])
      }),
      { SCHEDULING_ADDR: `127.0.0.1:${provider.ports.grpc}` },
    )
    await expect(client!.listSlots(scheduling.ListSlotsRequest.fromPartial({}))).resolves.toEqual(none)
    for (const { name, ports } of [provider, caller]) {
      expect(await healthOf(ports.grpc)).toBe('SERVING')
      expect(await get(ports.ops, '/healthz')).toMatchObject({ status: 200 })
      const { status, text } = await get(ports.ops, '/readyz')
      expect([name, status, JSON.parse(text)]).toMatchObject([
        name,
        200,
        { ready: true, checks: { service: 'ok', broker: 'ok' } },
      ])
      expect((await get(ports.ops, '/metrics')).text).toContain('rpc_server_duration')
      expect((await get(ports.ops, '/other')).status).toBe(404)
    }
  })
})

function refuseAll(definition: ServiceDefinition) {
  return Object.fromEntries(Object.keys(definition).map((method) => [method, refuse]))
}

describe('a service', () => {
  test('has its schema migrated, is ready with its database, and is asked for a url that it lacks', async () => {
    const schema = { schema: 'bench', migrations: [{ name: '001', sql: 'create table bench.t (i int)' }] }
    let opened: Database | undefined
    const service = define('scheduling', async (context) => {
      opened = await context.database(schema)
      expect(await context.database({ schema: 'bench_two', migrations: [] })).toBe(opened)
    })
    const started = await start(service)
    expect(await opened!.query('select count(*) as rows from bench.t')).toEqual([{ rows: 0 }])
    expect(JSON.parse((await get(started.ports.ops, '/readyz')).text).checks).toMatchObject({ database: 'ok' })
    await started.stop()
    await expect(opened!.query('select 1')).rejects.toBeDefined()
    await expect(start(service, { DATABASE_URL: '' })).rejects.toMatchObject({ code: 'BAD_CONFIG' })
  })

  test('is not ready while a probe fails, nor once it stops', async () => {
    let well = true
    const gate = Promise.withResolvers<void>()
    const service = define('scheduling', async ({ ready, onStop }) => {
      ready('model', async () => {
        if (!well) throw new Retryable('MODEL_MISSING', 'not loaded')
      })
      onStop('gate', () => gate.promise)
    })
    const { ports, stop } = await start(service)
    const checks = async () => {
      const { status, text } = await get(ports.ops, '/readyz')
      return { status, ...(JSON.parse(text) as { checks: object }).checks }
    }
    expect(await checks()).toMatchObject({ status: 200, model: 'ok' })
    well = false
    expect(await checks()).toMatchObject({ status: 503, model: 'MODEL_MISSING' })
    well = true
    const stopping = stop()
    expect(await checks()).toMatchObject({ status: 503, service: 'STOPPING' })
    expect((await get(ports.ops, '/healthz')).status).toBe(200)
    gate.resolve()
    await stopping
  })

  test('that fails to start ends what it had begun, in reverse, and says whose failure it is', async () => {
    const order: string[] = []
    let context: ServiceContext<unknown> | undefined
    const service = define('scheduling', async (given) => {
      context = given
      given.onStop('first', async () => void order.push('first'))
      given.onStop('second', async () => void order.push('second'))
      await given.rpc([slots(async () => none)])
      throw new Terminal('NO_CENTRES', 'no service centre is known', { hint: 'seed one' })
    })
    await expect(start(service)).rejects.toMatchObject({
      kind: 'terminal',
      code: 'NO_CENTRES',
      message: 'scheduling: no service centre is known',
      hint: 'seed one',
    })
    expect(order).toEqual(['second', 'first'])
    expect(context!.messaging.connection.isClosed()).toBe(true)
  })

  test('N1 answers the calls and requests in flight before its database goes', async () => {
    const began = { rpc: Promise.withResolvers<void>(), http: Promise.withResolvers<void>() }
    const gate = Promise.withResolvers<void>()
    let opened: Database
    const provider = await start(
      define('ueba', async (context) => {
        opened = await context.database({ schema: 'drain', migrations: [] })
        await context.http((_request, response) => {
          began.http.resolve()
          void gate.promise
            .then(() => opened.query('select 1 as one'))
            .then((rows) => response.end(JSON.stringify(rows)))
        })
        await context.rpc([
          slots(async () => {
            began.rpc.resolve()
            await gate.promise
            await opened.query('select 1')
            return none
          }),
        ])
      }),
    )
    let answer: Promise<unknown> | undefined
    await start(
      define('scheduling', async ({ client }) => {
        answer = client(scheduling.SchedulingServiceClient, 'ueba').listSlots(
          scheduling.ListSlotsRequest.fromPartial({}),
        )
      }),
      { UEBA_ADDR: `127.0.0.1:${provider.ports.grpc}` },
    )
    const page = get(provider.ports.http, '/')
    await Promise.all([began.rpc.promise, began.http.promise])
    const stopping = provider.stop()
    await eventually(async () => (await get(provider.ports.ops, '/readyz')).status === 503)
    gate.resolve()
    await expect(answer).resolves.toEqual(none)
    await expect(page).resolves.toMatchObject({ status: 200, text: '[{"one":1}]' })
    await stopping
    expect(telemetry.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  test('says which of its ports is taken', async () => {
    const { ports } = await start(schedulingService())
    await expect(
      start(
        define('ueba', async () => {}),
        { UEBA_OPS_PORT: String(ports.ops) },
      ),
    ).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: expect.stringContaining('ueba: '),
    })
  })
})
