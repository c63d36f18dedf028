/** A real server and a real client over a real socket. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { credentials, makeGenericClientConstructor, type Client, type ServiceDefinition } from '@grpc/grpc-js'
import { SpanKind } from '@opentelemetry/api'
import { scheduling, telemetry as telemetryContract } from '@pitcrew/contracts'
import { Cancelled, Retryable, Terminal, toWire } from '@pitcrew/errors'
import { createTelemetry, inSpan, type Telemetry, type TelemetryOptions } from '@pitcrew/observability'
import { service as healthDefinition } from 'grpc-health-check'
import { bidi, connectRpc, serveRpc, unary, type CallContext, type RpcServer } from '../src/index.ts'
import { descriptorPath } from '../src/reflection.ts'

const host = '127.0.0.1'
type Spans = Parameters<NonNullable<TelemetryOptions['spanProcessors']>[number]['onEnd']>[0][]

let telemetry: Telemetry
let spans: Spans
let server: RpcServer | undefined
const closers: (() => void)[] = []

beforeEach(() => {
  spans = []
  const keep = {
    onStart() {},
    onEnd: (span: Spans[number]) => void spans.push(span),
    async forceFlush() {},
    async shutdown() {},
  }
  telemetry = createTelemetry({ service: 'test', instance: 'test', write: () => {}, spanProcessors: [keep] })
})
afterEach(async () => {
  for (const close of closers.splice(0)) close()
  await server?.stop()
  server = undefined
  await telemetry.shutdown()
})

type ListSlots = (request: scheduling.ListSlotsRequest, call: CallContext) => Promise<scheduling.ListSlotsResponse>
type Stream = Parameters<typeof bidi<telemetryContract.StreamRequest, telemetryContract.StreamResponse>>[0]

const refuse = unary(async () => {
  throw new Terminal('NOT_FOUND', 'not in this test')
})

async function serve(listSlots: ListSlots, stream: Stream = async () => {}) {
  server = await serveRpc({
    host,
    port: 0,
    telemetry,
    services: [
      {
        definition: scheduling.SchedulingServiceService,
        implementation: {
          listSlots: unary(listSlots),
          upsertCentre: refuse,
          listBookings: refuse,
          rescheduleBooking: refuse,
          cancelBooking: refuse,
        },
      },
      {
        definition: telemetryContract.TelemetryServiceService,
        implementation: {
          publish: refuse,
          stream: bidi(stream),
          registerVehicle: refuse,
          listVehicles: refuse,
        },
      },
    ],
  })
  return `${host}:${server.port}`
}

function schedulingAt(address: string, deadlineMs?: number) {
  const client = connectRpc(scheduling.SchedulingServiceClient, address, { telemetry, deadlineMs })
  closers.push(client.close)
  return client
}

function ingestAt(address: string) {
  const client = connectRpc(telemetryContract.TelemetryServiceClient, address, { telemetry })
  closers.push(client.close)
  return client
}

const request = scheduling.ListSlotsRequest.fromPartial({})
const response = scheduling.ListSlotsResponse.fromPartial({})

describe('a call', () => {
  test('is answered with the message that the handler gave', async () => {
    const answer = scheduling.ListSlotsResponse.fromPartial({ slots: [{}] })
    const client = schedulingAt(await serve(async () => answer))
    await expect(client.listSlots(request)).resolves.toEqual(answer)
  })

  test.each([
    new Terminal('SLOT_TAKEN', 'the slot «08:00» is taken', { hint: 'choose another' }),
    new Retryable('DATABASE_UNAVAILABLE', 'try later', { afterMs: 1500 }),
    new Cancelled('ABORTED', 'asked to stop'),
  ])('that fails with $code fails with the same at the caller', async (failure) => {
    const client = schedulingAt(await serve(() => Promise.reject(failure)))
    const caught = await client.listSlots(request).catch((error) => error)
    expect(caught).toBeInstanceOf(failure.constructor)
    expect(toWire(caught)).toEqual(toWire(failure))
  })

  test('keeps its failure when the message is longer than trailers may be', async () => {
    const client = schedulingAt(await serve(() => Promise.reject(new Terminal('BAD_VIN', 'x'.repeat(100_000)))))
    await expect(client.listSlots(request)).rejects.toMatchObject({ kind: 'terminal', code: 'BAD_VIN' })
  })

  test('that takes longer than its deadline is given up on both sides', async () => {
    const stopped = Promise.withResolvers<unknown>()
    const never: ListSlots = (_, { signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          stopped.resolve(signal.reason)
          reject(signal.reason)
        }),
      )
    const client = schedulingAt(await serve(never), 150)
    await expect(client.listSlots(request)).rejects.toMatchObject({ kind: 'retryable', code: 'DEADLINE_EXCEEDED' })
    await expect(stopped.promise).resolves.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  })

  test('that its caller cancels stops at the server', async () => {
    const began = Promise.withResolvers<CallContext>()
    const address = await serve((_, call) => {
      began.resolve(call)
      return new Promise(() => {})
    })
    const giveUp = new AbortController()
    const answer = schedulingAt(address).listSlots(request, { signal: giveUp.signal })
    const { signal } = await began.promise
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve))
    giveUp.abort()
    await expect(answer).rejects.toMatchObject({ kind: 'cancelled' })
    await aborted
    expect(signal.reason).toMatchObject({ kind: 'cancelled', code: 'ABORTED' })
  })

  test('to a server that is not there is SERVICE_UNAVAILABLE', async () => {
    const client = schedulingAt('127.0.0.1:1')
    await expect(client.listSlots(request)).rejects.toMatchObject({ kind: 'retryable', code: 'SERVICE_UNAVAILABLE' })
  })

  test('N4 is one trace: the span of the server is a child of the span of the client', async () => {
    const client = schedulingAt(await serve(async () => response))
    await inSpan(telemetry, 'case', {}, () => client.listSlots(request))
    await server?.stop()
    const name = 'pitcrew.scheduling.v1.SchedulingService/ListSlots'
    const [atServer] = spans.filter(({ kind }) => kind === SpanKind.SERVER)
    const [atClient] = spans.filter(({ kind }) => kind === SpanKind.CLIENT)
    const outer = spans.find((span) => span.name === 'case')
    expect([atServer?.name, atClient?.name]).toEqual([name, name])
    expect(atServer?.parentSpanContext?.spanId).toBe(atClient?.spanContext().spanId)
    expect(atClient?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId)
    expect(await telemetry.metricsText()).toContain('rpc_server_duration')
  })
})

describe('a stream', () => {
  const echo: Stream = async (requests, send) => {
    for await (const { batch } of requests) await send(telemetryContract.StreamResponse.fromPartial({ batch }))
  }
  const message = (batch: number) => telemetryContract.StreamRequest.fromPartial({ batch })

  test('answers everything in order, however slow its reader is', async () => {
    const client = ingestAt(await serve(async () => response, echo))
    const call = client.stream()
    const batches = Array.from({ length: 2_000 }, (_, index) => index + 1)
    const sent = (async () => {
      for (const batch of batches) await call.send(message(batch))
      call.end()
    })()
    const answered: number[] = []
    for await (const { batch } of call.responses) answered.push(batch)
    await sent
    expect(answered).toEqual(batches)
  })

  test('does not read more than it can answer', async () => {
    const held = Promise.withResolvers<void>()
    let read = 0
    const slow: Stream = async (requests) => {
      for await (const { frames } of requests) {
        read += frames.length
        await held.promise
      }
    }
    const call = ingestAt(await serve(async () => response, slow)).stream()
    const payload = telemetryContract.StreamRequest.fromPartial({ frames: [{ vehicleId: 'x'.repeat(100_000) }] })
    let sent = 0
    const sending = (async () => {
      for (; sent < 1_000; sent++) await call.send(payload)
      call.end()
    })()
    const stalled = async () => {
      for (let before = -1; before !== sent || read === 0;) {
        before = sent
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
    await stalled()
    expect(sent).toBeLessThan(200)
    held.resolve()
    await sending
    for await (const { batch } of call.responses) throw new Error(`nothing was to be answered, but ${batch} was`)
    expect(read).toBe(1_000)
  })

  test('that fails tells both ends of the client', async () => {
    const failure = new Terminal('UNAUTHENTICATED', 'who is it')
    const client = ingestAt(
      await serve(
        async () => response,
        () => Promise.reject(failure),
      ),
    )
    const call = client.stream()
    await expect(call.responses[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    await expect(call.send(message(1))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  test('whose client goes away ends its handler', async () => {
    const ended = Promise.withResolvers<unknown>()
    const address = await serve(
      async () => response,
      (requests, send) =>
        echo(requests, send, undefined as never).catch((error) => ended.resolve(error)) as Promise<void>,
    )
    const call = ingestAt(address).stream()
    await call.send(message(1))
    const reader = call.responses[Symbol.asyncIterator]()
    await reader.next()
    call.cancel()
    await expect(ended.promise).resolves.toMatchObject({ kind: 'cancelled' })
    await expect(reader.next()).rejects.toMatchObject({ kind: 'cancelled' })
  })
})

describe('stopping', () => {
  test('N1 lets calls in flight finish and takes no new ones', async () => {
    const began = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    const address = await serve(async () => {
      began.resolve()
      await gate.promise
      return response
    })
    const client = schedulingAt(address)
    const answer = client.listSlots(request)
    await began.promise
    const stopping = server!.stop()
    await expect(schedulingAt(address).listSlots(request)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    gate.resolve()
    await expect(answer).resolves.toEqual(response)
    await stopping
  })

  test('N1 ends a stream after what it has read, and tells the client to go on elsewhere', async () => {
    const address = await serve(
      async () => response,
      async (requests, send) => {
        for await (const { batch } of requests) await send(telemetryContract.StreamResponse.fromPartial({ batch }))
      },
    )
    const call = ingestAt(address).stream()
    const reader = call.responses[Symbol.asyncIterator]()
    await call.send(telemetryContract.StreamRequest.fromPartial({ batch: 1 }))
    await expect(reader.next()).resolves.toMatchObject({ value: { batch: 1 } })
    const stopping = server!.stop()
    await expect(reader.next()).rejects.toMatchObject({ kind: 'retryable', code: 'SERVER_STOPPING' })
    await stopping
  })
})

describe('every server', () => {
  function rawClient(
    address: string,
    definition: ServiceDefinition,
  ): Client & Record<string, (...args: never[]) => unknown> {
    const client = new (makeGenericClientConstructor(definition, 'raw'))(address, credentials.createInsecure())
    closers.push(() => client.close())
    return client as never
  }

  test('says on grpc.health.v1 that it and its services are well', async () => {
    const client = rawClient(await serve(async () => response), healthDefinition as unknown as ServiceDefinition)
    const check = (service: string) =>
      new Promise((resolve, reject) =>
        client.check!(
          { service } as never,
          ((error: unknown, answer: unknown) => (error ? reject(error) : resolve(answer))) as never,
        ),
      )
    await expect(check('')).resolves.toMatchObject({ status: 'SERVING' })
    await expect(check('pitcrew.scheduling.v1.SchedulingService')).resolves.toMatchObject({ status: 'SERVING' })
    await expect(check('nobody')).rejects.toMatchObject({ code: 5 })
  })

  test('describes its services by reflection', async () => {
    const address = await serve(async () => response)
    // ServerReflectionRequest: 4 = file_containing_symbol, 7 = list_services. Read as text, the names stand in it as they are.
    const path = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo'
    const bytes = (value: Buffer) => value
    const definition = {
      info: {
        path,
        requestStream: true,
        responseStream: true,
        requestSerialize: bytes,
        requestDeserialize: bytes,
        responseSerialize: bytes,
        responseDeserialize: bytes,
      },
    }
    const ask = async (field: number, text: string) => {
      const call = rawClient(address, definition as never).makeBidiStreamRequest(path, bytes, bytes, {})
      call.end(Buffer.concat([Buffer.from([(field << 3) | 2, text.length]), Buffer.from(text)]))
      const parts: Buffer[] = []
      for await (const part of call) parts.push(part as Buffer)
      return Buffer.concat(parts).toString('latin1')
    }
    const listed = await ask(7, '')
    expect(listed).toContain('pitcrew.scheduling.v1.SchedulingService')
    expect(listed).not.toContain('pitcrew.engagement.v1.EngagementService')
    expect(await ask(4, 'pitcrew.scheduling.v1.SchedulingService')).toContain('RescheduleBooking')
  })

  test('says which port is taken', async () => {
    await serve(async () => response)
    await expect(serveRpc({ host, port: server!.port, telemetry, services: [] })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
    })
  })
})

test('the descriptors for reflection are those of the protos', () => {
  const root = join(import.meta.dirname, '../../..')
  const buf = join(root, 'node_modules/.bin/buf')
  const fresh = execFileSync(
    buf,
    ['build', '-o', '-#format=binpb', '--as-file-descriptor-set', '--exclude-source-info'],
    { cwd: root },
  )
  expect(fresh.equals(readFileSync(descriptorPath))).toBe(true)
})
