import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { agent, engine, workflow } from '@pitcrew/contracts'
import { eventually } from '@pitcrew/testing'
import { at, is, driver } from './driver.ts'
import { openPlatform, type Platform } from './platform.ts'

const { RUNNING, PAUSED, COMPLETED, FAILED } = workflow.WorkflowStatus

let platform: Platform
beforeAll(async () => {
  platform = await openPlatform()
}, 60_000)
afterAll(() => platform?.stop(), 60_000)

const { start, approve, go, search } = driver(() => platform)

describe('many workflows', () => {
  const ids = ['many-1', 'many-2', 'many-3', 'many-4', 'many-5']
  const among = { workflowIds: ids }
  beforeAll(async () => {
    for (const id of ids) await start(id)
    for (const id of ids) await platform.until(id, at('ask'))
    await eventually(async () => expect((await search({ ...among, text: 'many' })).workflows).toHaveLength(5))
  })

  test('F9 are found by state, priority, vehicle, definition, words and time, page by page', async () => {
    const first = await search(among, 2)
    const second = await search(among, 2, first.next)
    const third = await search(among, 2, second.next)
    const all = [first, second, third].flatMap((page) => page.workflows.map(({ workflowId }) => workflowId))
    expect(all).toEqual([...ids].reverse())
    expect(third.next).toBe('')
    const found = async (filter: Partial<engine.WorkflowFilter>) =>
      (await search({ ...among, ...filter })).workflows.map(({ workflowId }) => workflowId)
    expect(await found({ vehicleId: 'vehicle-of-many-3' })).toEqual(['many-3'])
    expect(await found({ priorities: [agent.Priority.URGENT] })).toEqual([])
    expect(
      await found({ priorities: [agent.Priority.HIGH], statuses: [RUNNING], definitions: ['errand'] }),
    ).toHaveLength(5)
    expect(await found({ text: 'vehicle-of-many-2' })).toEqual(['many-2'])
    expect(await found({ text: 'errand nothing-like-this' })).toEqual([])
    expect(await found({ startedFrom: first.workflows[1]?.startedAt as string })).toHaveLength(2)
    expect(await found({ endedFrom: '2020-01-01T00:00:00Z' })).toEqual([])
    await expect(search(among, 2, 'nonsense')).rejects.toMatchObject({ code: 'BAD_CURSOR' })
  })

  test('C1 are paused in bulk, each with its own result, and no more than the limit', async () => {
    const bulk = (request: Partial<engine.OperateInBulkRequest>) =>
      platform.workflows.operateInBulk(engine.OperateInBulkRequest.fromPartial({ subject: 'ann', ...request }))
    const some = engine.WorkflowFilter.fromPartial({ workflowIds: ['many-1', 'many-2', 'never'] })
    const { results } = await bulk({ filter: some, pause: { reason: 'all of them' } })
    expect(results).toMatchObject([
      { workflowId: 'many-1', done: true },
      { workflowId: 'many-2', done: true },
      { workflowId: 'never', done: false, failure: { code: 'NOT_FOUND' } },
    ])
    await eventually(async () => expect((await search({ ...among, statuses: [PAUSED] })).workflows).toHaveLength(2))
    const paused = engine.WorkflowFilter.fromPartial({ text: 'many', statuses: [PAUSED] })
    expect(await bulk({ filter: paused, resume: {}, dryRun: true, limit: 1 })).toMatchObject({
      more: true,
      results: [{ workflowId: 'many-2', done: false, failure: undefined }],
    })
    expect((await bulk({ filter: paused, resume: {} })).results.map(({ done }) => done)).toEqual([true, true])
    const twice = await bulk({ filter: some, retry: {} })
    expect(twice.results.map(({ failure }) => failure?.code)).toEqual([
      'ILLEGAL_TRANSITION',
      'ILLEGAL_TRANSITION',
      'NOT_FOUND',
    ])
    await expect(bulk({ filter: undefined, resume: {} })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(bulk({ filter: some })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  test('F3 are followed transition by transition', async () => {
    const following = platform.workflows.followWorkflows()
    await following.send({ workflowIds: ['many-4'], after: 0 })
    const seen: number[] = []
    for await (const { workflow: one, transition } of following.responses) {
      expect(one?.workflowId).toBe('many-4')
      seen.push(transition?.number as number)
      if (transition?.event === 'task-succeeded' && transition.node === 'first') await approve('many-4')
      if (transition?.event === 'decided') await go('many-4')
      if (one?.status === COMPLETED && transition?.number === one.revision) following.end()
    }
    expect(seen).toEqual(seen.map((_, i) => i + 1))
    const unknown = platform.workflows.followWorkflows()
    await unknown.send({ workflowIds: ['never'], after: 0 })
    await expect(unknown.responses[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('M6 L11 are counted by state, phase and definition; earlier runs tell how long the rest takes', async () => {
    platform.broken.add('broken')
    await start('failing', 'broken')
    await platform.until('failing', is(FAILED))
    await platform.workflows.terminateWorkflow({ workflowId: 'many-5', reason: '', subject: 'ann' })
    await platform.until('many-5', (one) => one.workflow?.outcome === 'terminated')
    const all = { definition: 'errand', from: undefined, before: undefined }
    await eventually(async () =>
      expect(await platform.workflows.getWorkflowStatistics(all)).toMatchObject({
        total: 6,
        active: 3,
        completed: 1,
        failed: 1,
        cancelled: 1,
        errors: 1,
        byStatus: { RUNNING: 3, COMPLETED: 1, FAILED: 1, CANCELLED: 1 },
        byDefinition: { errand: 6 },
        byPriority: { 2: 6 },
        averageCompletionSeconds: expect.any(Number),
      }),
    )
    const { durations } = await platform.workflows.getDefinition({
      name: 'errand',
      version: 1,
      drawing: engine.Drawing.UNSPECIFIED,
      workflowId: '',
    })
    expect(durations.find(({ node }) => node === 'first')).toMatchObject({ count: expect.any(Number), failures: 1 })
    const open = await platform.until('many-3', at('ask'))
    expect(open.workflow?.timeLeft?.p90Seconds).toBeGreaterThanOrEqual(open.workflow?.timeLeft?.medianSeconds as number)
    expect(open.nodes).toContainEqual(expect.objectContaining({ path: 'ask', state: 'waiting' }))
  })
})
