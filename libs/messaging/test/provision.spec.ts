import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { streams } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { connectMessaging, deadLetters, provisionStream, provisionStreams } from '@pitcrew/messaging'
import { eventually, testTelemetry } from '@pitcrew/testing'
import { alertAbout, alertRaised, brokerWithClients, collector, type Client } from './fixture.ts'

let all: Awaited<ReturnType<typeof brokerWithClients>>
let client: Client

beforeAll(async () => {
  all = await brokerWithClients()
  client = await all.client('orchestrator')
})

afterAll(() => all.stop())

interface Info {
  config: Record<string, unknown>
}

const api = async <T>(subject: string) => (await client.connection.request(`$JS.API.${subject}`)).json<T>()

describe('provisioning', () => {
  test('makes exactly the streams of the contracts, the leases and the shared context', async () => {
    const { streams: names } = await api<{ streams: string[] }>('STREAM.NAMES')
    expect(names.sort()).toEqual([...Object.keys(streams), 'KV_leases', 'KV_context', '$MQTT_msgs'].sort())
    const { config } = await api<Info>('STREAM.INFO.TASKS')
    expect(config).toMatchObject({
      subjects: ['task.>'],
      retention: 'workqueue',
      storage: 'file',
      duplicate_window: 600e9,
    })
  })

  test('brings a stream up to date that differs, and keeps what is in it', async () => {
    await client.publish(alertRaised, 'V1', alertAbout('V1'))
    const { config } = await api<Info>('STREAM.INFO.ANALYSIS')
    await client.connection.request('$JS.API.STREAM.UPDATE.ANALYSIS', JSON.stringify({ ...config, max_age: 3600e9 }))
    await provisionStreams(client.connection, { replicas: 1, fileStorage: true })
    const after = await api<Info & { state: { messages: number } }>('STREAM.INFO.ANALYSIS')
    expect(after.config.max_age).toBe(streams.ANALYSIS.maxAgeMs * 1e6)
    expect(after.state.messages).toBeGreaterThan(0)
  })

  test('refuses what cannot be changed in place, and says what', async () => {
    const spec = { name: 'ODD', subjects: ['odd.>'], retention: 'limits' }
    await provisionStream(client.connection, spec)
    const changed = provisionStream(client.connection, { ...spec, retention: 'interest', storage: 'memory' })
    await expect(changed).rejects.toMatchObject({
      kind: 'terminal',
      code: 'STREAM_MISMATCH',
      message: expect.stringContaining('retention'),
    })
  })
})

describe('connecting', () => {
  test('to where nothing listens is Retryable and names the place without its password', async () => {
    const connecting = connectMessaging({
      url: 'nats://me:secret@127.0.0.1:1',
      service: 'ueba',
      instance: 'i1',
      telemetry: testTelemetry(),
      connectWithinMs: 200,
    })
    await expect(connecting).rejects.toMatchObject({
      kind: 'retryable',
      code: 'BROKER_UNAVAILABLE',
      message: 'no NATS server answers at nats://127.0.0.1:1',
    })
  })

  test('with a seed that is none is refused without showing it', async () => {
    const options = {
      url: all.broker.url,
      service: 'ueba',
      instance: 'i1',
      telemetry: testTelemetry(),
      nkeySeed: 'hunter2',
    }
    const refused = await connectMessaging(options).catch((error: unknown) => error)
    expect(refused).toMatchObject({ kind: 'terminal', code: 'BAD_CONFIG' })
    expect(String(refused)).not.toContain('hunter2')
  })
})

describe('a dead letter', () => {
  test('is replayed to where it came from, once, with its id and marked', async () => {
    const letters = deadLetters(client)
    let refusing = true
    const { received, keep } = collector<{ id: string; from: string | undefined }>()
    const subscription = await client.consume(
      alertRaised,
      { durable: 'letters', key: 'letters' },
      async ({ id, headers }) => {
        if (refusing) throw new Terminal('NOT_YET', 'no')
        await keep({ id, from: headers.get('pitcrew-replayed-from') })
      },
    )
    await client.publish(alertRaised, 'letters', alertAbout('letters'), { id: 'letter-1' })
    const letter = await eventually(async () => {
      const [first] = await letters.list()
      expect(first).toBeDefined()
      return first!
    })
    refusing = false
    await letters.replay(letter.sequence)
    expect((await letters.replay(letter.sequence)).duplicate).toBe(true)
    await eventually(() => expect(received).toEqual([{ id: 'letter-1', from: String(letter.sequence) }]))
    expect(await letters.list()).toMatchObject([{ sequence: letter.sequence, replayed: true }])
    await expect(letters.replay(999)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await subscription.stop()
  })
})
