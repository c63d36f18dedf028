import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { agent, capabilities, events, scheduling, ueba } from '@pitcrew/contracts'
import { Retryable, Terminal, toWire, type WireFailure } from '@pitcrew/errors'
import { cancelledSubject, connectMessaging, deadLetters, type Messaging, type Subscription } from '@pitcrew/messaging'
import { eventually, testBroker, testTelemetry, type TestBroker, type TestTelemetry } from '@pitcrew/testing'
import { handle, runAgent, type AgentOptions, type Handler, type RunningAgent } from '@pitcrew/agent'

type Client = Messaging & { telemetry: TestTelemetry }

let broker: TestBroker
let engine: Client
let inbox: Subscription | undefined
const open: Client[] = []
const agents: RunningAgent[] = []
let results: agent.TaskResult[] = []
const progress: agent.TaskProgress[] = []
let tasks = 0

beforeAll(async () => {
  broker = await testBroker()
  engine = await client('orchestrator', 'engine')
})

beforeEach(async () => {
  results = []
  inbox = await answering(() => ({ ok: true }))
})

afterEach(async () => {
  await inbox?.stop()
  await Promise.all(agents.splice(0).map((each) => each.stop()))
  await Promise.all(open.splice(0).map((each) => each !== engine && each.drain()))
  await engine.connection.request('$JS.API.STREAM.PURGE.TASKS')
})

afterAll(async () => {
  await engine.drain()
  await broker.stop()
})

async function client(service: 'orchestrator' | 'scheduling' | 'ueba', instance: string): Promise<Client> {
  const messaging = (await connectMessaging({
    url: broker.url,
    service,
    instance,
    telemetry: testTelemetry(service),
  })) as Client
  open.push(messaging)
  return messaging
}

/** The engine's side of the inbox: keeps the results that it accepts. */
function answering(answer: (result: agent.TaskResult) => { ok: true } | { error: WireFailure }): Promise<Subscription> {
  return engine.respond('workflow.results.0', {}, async (data) => {
    const request = agent.ReportResultsRequest.decode(data)
    progress.push(...request.progress)
    const receptions = request.results.map((result) => {
      const reply = answer(result)
      if ('ok' in reply) results.push(result)
      return { refusal: 'error' in reply ? agent.Failure.fromPartial(reply.error) : undefined }
    })
    return agent.ReportResultsResponse.encode({ receptions }).finish()
  })
}

async function started(handlers: Handler[], instance = 'i1', more: Partial<AgentOptions> = {}) {
  const messaging = await client('scheduling', instance)
  const { telemetry } = messaging
  const running = await runAgent({
    messaging,
    telemetry,
    service: 'scheduling',
    instance,
    version: '1.0.0',
    capabilities: handlers,
    ...more,
  })
  agents.push(running)
  return { messaging, running }
}

function newTask(more: Partial<agent.Task> = {}, input: unknown = { caseId: 'c1' }): agent.Task {
  const workflowId = `wf-${++tasks}`
  return agent.Task.fromPartial({
    taskId: `${workflowId}/hold`,
    workflowId,
    capability: 'scheduling.hold-slot',
    attempt: 1,
    input: Buffer.from(typeof input === 'string' ? input : JSON.stringify(input)),
    ...more,
  })
}

async function dispatchAll(batch: agent.Task[], priority = 2): Promise<void> {
  const [first] = batch as [agent.Task]
  await engine.send(`task.${first.capability}.${priority}`, agent.TaskBatch.encode({ tasks: batch }).finish(), {
    id: `${first.taskId}:${first.attempt}`,
  })
}

async function dispatch(more: Partial<agent.Task> = {}, priority = 2, input: unknown = { caseId: 'c1' }) {
  const task = newTask(more, input)
  await dispatchAll([task], priority)
  return task
}

const held = scheduling.HoldSlotResponse.fromPartial({})
const hold = (fn: Parameters<typeof handle<scheduling.HoldSlotRequest, scheduling.HoldSlotResponse>>[1]) =>
  handle(capabilities.holdSlot, fn)
const resultOf = (task: agent.Task) =>
  eventually(() => results.find(({ taskId }) => taskId === task.taskId) ?? false) as Promise<agent.TaskResult>
const queueEmpty = () =>
  eventually(async () => {
    const info = (await engine.connection.request('$JS.API.STREAM.INFO.TASKS')).json<{ state: { messages: number } }>()
    expect(info.state.messages).toBe(0)
  })

describe('a task', () => {
  test('is done and its result reported before it leaves the queue', async () => {
    await started([
      hold(async (input, task) => {
        expect(input.caseId).toBe('c1')
        expect(task).toMatchObject({ attempt: 1, workflowId: expect.stringMatching(/^wf-/) })
        expect(Date.parse(task.deadline)).toBeGreaterThan(Date.now())
        return held
      }),
    ])
    const task = await dispatch()
    const result = await resultOf(task)
    expect(result).toMatchObject({
      taskId: task.taskId,
      workflowId: task.workflowId,
      attempt: 1,
      agent: 'scheduling.i1',
      failure: undefined,
    })
    expect(JSON.parse(result.output!.toString())).toEqual(JSON.parse(JSON.stringify(held)))
    await queueEmpty()
  })

  test.each([
    new Terminal('SLOT_TAKEN', 'gone', { hint: 'take another' }),
    new Retryable('DEALER_BUSY', 'later', { afterMs: 1_500 }),
  ])('that fails is reported as $kind $code; whether to try again is the engine’s to say', async (failure) => {
    await started([hold(() => Promise.reject(failure))])
    const { failure: reported } = await resultOf(await dispatch())
    expect(reported).toMatchObject(toWire(failure))
    await queueEmpty()
  })

  test('whose input is no request fails as BAD_INPUT', async () => {
    await started([hold(async () => held)])
    const { failure } = await resultOf(await dispatch({}, 2, 'nonsense'))
    expect(failure).toMatchObject({ kind: 'terminal', code: 'BAD_INPUT' })
  })

  test('L9 that is not done by its deadline is aborted and reported as DEADLINE_EXCEEDED', async () => {
    const aborted = Promise.withResolvers<void>()
    await started([
      hold((_input, { signal }) => {
        signal.addEventListener('abort', () => aborted.resolve())
        return new Promise(() => undefined)
      }),
    ])
    const { failure } = await resultOf(await dispatch({ deadline: new Date(Date.now() + 300).toISOString() }))
    expect(failure).toMatchObject({ kind: 'retryable', code: 'DEADLINE_EXCEEDED' })
    await aborted.promise
  })

  test('that is no task at all goes to the dead letter', async () => {
    await started([hold(async () => held)])
    await engine.send('task.scheduling.hold-slot.1', new TextEncoder().encode('garbage'))
    await eventually(async () => {
      const letters = await deadLetters(engine).list()
      expect(letters).toContainEqual(
        expect.objectContaining({ code: 'UNDECODABLE', subject: 'task.scheduling.hold-slot.1' }),
      )
    })
    await queueEmpty()
  })

  test('L9 of every priority is done, the urgent first', async () => {
    const order: string[] = []
    await Promise.all([4, 4, 3, 2, 1, 1].map((priority) => dispatch({}, priority, { caseId: `p${priority}` })))
    await started(
      [
        hold(async ({ caseId }) => {
          order.push(caseId)
          return held
        }),
      ],
      'i1',
      { concurrency: 1 },
    )
    await eventually(() => expect(order).toHaveLength(6))
    expect(order[0]).toBe('p1')
    expect(order.indexOf('p4')).toBeGreaterThan(order.indexOf('p2'))
  })

  test('is shared among instances, each done by one', async () => {
    const done: string[] = []
    const worker = hold(async ({ caseId }) => {
      done.push(caseId)
      return held
    })
    await Promise.all([started([worker], 'i1', { concurrency: 2 }), started([worker], 'i2', { concurrency: 2 })])
    const cases = Array.from({ length: 60 }, (_, n) => `case-${n}`)
    await Promise.all(cases.map((caseId, n) => dispatch({}, (n % 4) + 1, { caseId })))
    await eventually(() => expect([...done].sort()).toEqual([...cases].sort()))
    await eventually(() => expect(results).toHaveLength(60))
    expect(new Set(results.map((result) => result.agent))).toEqual(new Set(['scheduling.i1', 'scheduling.i2']))
  })
})

describe('an engine', () => {
  test('that is away is waited for: the outcome is kept, the work is not done again', async () => {
    await inbox!.stop()
    let executed = 0
    const { messaging } = await started(
      [
        hold(async () => {
          executed++
          return held
        }),
      ],
      'i1',
      { ackWaitMs: 500 },
    )
    const task = await dispatch()
    await eventually(() =>
      expect(
        messaging.telemetry.lines.filter(({ message }) => message === 'the result is not taken yet').length,
      ).toBeGreaterThan(4),
    )
    inbox = await answering(() => ({ ok: true }))
    await resultOf(task)
    await queueEmpty()
    expect(executed).toBe(1)
  })

  test('L9 that no longer wants the result of an attempt has it dropped', async () => {
    await inbox!.stop()
    inbox = await answering(() => ({ error: toWire(new Terminal('STALE_ATTEMPT', 'attempt 2 runs')) }))
    const { messaging } = await started([hold(async () => held)])
    await dispatch()
    await eventually(() => expect(messaging.telemetry.lines.map(({ code }) => code)).toContain('STALE_ATTEMPT'))
    await queueEmpty()
  })

  test('that moves is asked again', async () => {
    await inbox!.stop()
    let asked = 0
    inbox = await answering(() =>
      ++asked < 3 ? { error: toWire(new Retryable('NOT_LEADER', 'moving')) } : { ok: true },
    )
    await started([hold(async () => held)])
    await resultOf(await dispatch())
    expect(asked).toBe(3)
  })
})

describe('an agent', () => {
  test('N1 that dies leaves its task to another', async () => {
    const begun = Promise.withResolvers<void>()
    const never = Promise.withResolvers<typeof held>()
    const dying = await started(
      [
        hold(() => {
          begun.resolve()
          return never.promise
        }),
      ],
      'dying',
      { ackWaitMs: 500 },
    )
    const task = await dispatch()
    await begun.promise
    await dying.messaging.connection.close()
    await started([hold(async () => held)], 'i2', { ackWaitMs: 500 })
    expect((await resultOf(task)).agent).toBe('scheduling.i2')
    never.resolve(held)
  })

  test('that stops finishes what it does in time and gives the rest back', async () => {
    const begun = Promise.withResolvers<void>()
    const { running } = await started(
      [
        hold((_input, { signal }) => {
          begun.resolve()
          return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
        }),
      ],
      'i1',
      { drainMs: 100 },
    )
    const task = await dispatch()
    await begun.promise
    await running.stop()
    expect(results).toEqual([])
    await started([hold(async () => held)], 'i2')
    expect((await resultOf(task)).agent).toBe('scheduling.i2')
  })

  test('F7 that came with others in one message runs beside them, no more at once than there are slots, and leaves with them', async () => {
    let running = 0
    let most = 0
    await started(
      [
        hold(async () => {
          most = Math.max(most, ++running)
          await new Promise((resolve) => setImmediate(resolve))
          running--
          return held
        }),
      ],
      'i1',
      { concurrency: 3 },
    )
    const batch = Array.from({ length: 20 }, () => newTask())
    await dispatchAll(batch)
    for (const task of batch) await resultOf(task)
    expect(most).toBe(3)
    await queueEmpty()
  })

  test('F3 that is cancelled is told so, and its result is reported all the same', async () => {
    const begun = Promise.withResolvers<void>()
    await started([
      hold(async (_, { signal }) => {
        begun.resolve()
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
        return held
      }),
    ])
    const task = await dispatch()
    await begun.promise
    const word = { tasks: [{ taskId: task.taskId, attempt: task.attempt }] }
    engine.signal(cancelledSubject, agent.TasksCancelled.encode(word).finish())
    expect((await resultOf(task)).failure).toMatchObject({ kind: 'cancelled', code: 'TASK_CANCELLED' })
    await queueEmpty()
  })

  test('F6 shares what it knows with the other tasks of its workflow', async () => {
    await started([
      hold(async (_, { context, attempt }) => {
        if (attempt === 1) await context.put('bay', 'three')
        else expect(await context.get('bay')).toMatchObject({ value: 'three' })
        return held
      }),
    ])
    const task = await dispatch()
    await resultOf(task)
    results = []
    await dispatchAll([{ ...task, attempt: 2 }])
    expect((await resultOf(task)).failure).toBeUndefined()
  })

  test('F7 says how far it is while it runs', async () => {
    const release = Promise.withResolvers<void>()
    await started([
      hold(async (_, task) => {
        task.progress(40, 'two of five')
        await release.promise
        return held
      }),
    ])
    const task = await dispatch()
    await eventually(() =>
      expect(progress).toContainEqual({
        taskId: task.taskId,
        workflowId: task.workflowId,
        attempt: 1,
        percent: 40,
        note: 'two of five',
      }),
    )
    release.resolve()
    await resultOf(task)
  })

  test('L10 records each task as an activity, once', async () => {
    const { messaging } = await started([hold(async () => held)])
    const recorded: agent.Activity[] = []
    const ledger = await client('ueba', 'i1')
    await ledger.consume(
      events.activitiesRecorded,
      { durable: `audit-${tasks}` },
      async ({ message }) => void recorded.push(...message.activities),
    )
    const task = await dispatch()
    const activity = await eventually(() => recorded.find(({ resource }) => resource === task.workflowId) ?? false)
    expect(activity).toMatchObject({
      activityId: `${task.taskId}:1`,
      actor: 'scheduling.i1',
      service: 'scheduling',
      operation: 'scheduling.hold-slot',
      outcome: agent.ActivityOutcome.SUCCESS,
      requestBytes: task.input.length,
      version: '1.0.0',
    })
    // The span ends after the activity has left.
    const span = await eventually(() => {
      const ended = messaging.telemetry.spans.find(
        ({ name }) => name === 'process task.scheduling.hold-slot.{priority}',
      )
      expect(ended).toBeDefined()
      return ended
    })
    expect(span?.spanContext().traceId).toBe((activity as agent.Activity).traceId)
    const request = messaging.telemetry.spans.find(({ name }) => name === 'request workflow.results.{partition}')
    expect(request?.parentSpanContext?.spanId).toBe(span?.spanContext().spanId)
  })

  test('M3 says who it is and what it can do', async () => {
    const beats: agent.Heartbeat[] = []
    const listening = engine.listen(
      'agent.heartbeat.scheduling.*',
      (data) => void beats.push(agent.Heartbeat.decode(data)),
    )
    await engine.connection.flush()
    await started([hold(async () => held)], 'i.7')
    await eventually(() =>
      expect(beats[0]).toMatchObject({
        agent: 'scheduling.i.7',
        service: 'scheduling',
        version: '1.0.0',
        capabilities: ['scheduling.hold-slot'],
      }),
    )
    await listening.stop()
  })

  test('L10 takes no task while it is blocked, nor after a restart, until it is released', async () => {
    const guard = await client('ueba', 'i1')
    const actor = 'scheduling.bad'
    const { running } = await started([hold(async () => held)], 'bad')
    const blocked = ueba.AgentBlocked.fromPartial({
      actor,
      reason: 'odd',
      decidedBy: 'ueba',
      at: new Date().toISOString(),
    })
    await guard.publish(events.agentBlocked, actor, blocked)
    await eventually(() =>
      expect(open.flatMap(({ telemetry }) => telemetry.lines.map(({ message }) => message))).toContainEqual(
        expect.stringContaining('is blocked'),
      ),
    )
    const task = await dispatch()
    await running.stop()
    await started([hold(async () => held)], 'bad')
    await started([hold(async () => held)], 'good')
    expect((await resultOf(task)).agent).toBe('scheduling.good')

    await agents.pop()!.stop()
    const released = ueba.AgentReleased.fromPartial({
      actor,
      reason: 'looked at',
      decidedBy: 'person:1',
      at: new Date().toISOString(),
    })
    await guard.publish(events.agentReleased, actor, released)
    expect((await resultOf(await dispatch())).agent).toBe(actor)
  })
})
