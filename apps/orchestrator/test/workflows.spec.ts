import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { agent, engine, workflow } from '@pitcrew/contracts'
import { eventually } from '@pitcrew/testing'
import { openPlatform, type Platform } from './platform.ts'

const { RUNNING, PAUSED, COMPLETED, FAILED, CANCELLED } = workflow.WorkflowStatus

let platform: Platform
beforeAll(async () => {
  platform = await openPlatform()
}, 60_000)
afterAll(() => platform?.stop(), 60_000)

async function start(workflowId: string, name = workflowId, template = 'errand') {
  return platform.workflows.startWorkflow(
    engine.StartWorkflowRequest.fromPartial({ workflowId, template, input: { name } }),
  )
}
const at = (path: string) => (one: engine.GetWorkflowResponse) => one.workflow?.active.includes(path) ?? false
const is = (status: workflow.WorkflowStatus) => (one: engine.GetWorkflowResponse) => one.workflow?.status === status
const approve = (workflowId: string, approved = true) =>
  platform.workflows.decideApproval({ workflowId, path: '', approved, comment: 'fine', decisionId: '', subject: 'ann' })
const go = (workflowId: string) =>
  platform.workflows.signalWorkflow({ workflowId, signal: 'go', signalId: 'go', payload: {}, subject: 'ann' })
const search = (filter: Partial<engine.WorkflowFilter>, limit = 0, cursor = '') =>
  platform.workflows.searchWorkflows({ filter: engine.WorkflowFilter.fromPartial(filter), limit, cursor })

describe('definitions and templates', () => {
  test('F9 lists definitions, versions side by side, and the templates with the schema of their input', async () => {
    const { definitions } = await platform.workflows.listDefinitions({})
    expect(definitions).toMatchObject([
      { name: 'errand', version: 2, signals: ['go', 'more'], capabilities: ['scheduling.release-hold'] },
      { name: 'errand', version: 1, queries: ['name'], updates: ['relabel'], checkpoints: ['halfway'] },
    ])
    const { templates } = await platform.workflows.listTemplates({})
    expect(templates[0]).toMatchObject({
      name: 'errand',
      definition: 'errand',
      version: 1,
      inputSchema: { type: 'object', required: ['name'], properties: { name: { type: 'string', minLength: 1 } } },
    })
  })

  test('F9 gives a definition as data, as Mermaid and as SVG', async () => {
    const get = (drawing: engine.Drawing) =>
      platform.workflows.getDefinition({ name: 'errand', version: 1, drawing, workflowId: '' })
    const plain = await get(engine.Drawing.UNSPECIFIED)
    expect(plain).toMatchObject({ drawing: '', definition: { name: 'errand', version: 1 } })
    expect((await get(engine.Drawing.MERMAID)).drawing).toMatch(/flowchart|graph/)
    expect((await get(engine.Drawing.SVG)).drawing).toMatch(/^<svg|<\?xml/)
    await expect(
      platform.workflows.getDefinition({ name: 'errand', version: 9, drawing: 'DRAWING_UNSPECIFIED', workflowId: '' }),
    ).rejects.toMatchObject({ code: 'UNKNOWN_DEFINITION', hint: 'there are: 2, 1' })
  })
})

describe('starting', () => {
  test('F9 an id starts a workflow once; again it is the same, and something else is refused', async () => {
    const first = await start('once')
    expect(first).toEqual({ workflowId: 'once', definition: 'errand', version: 1 })
    expect(await start('once')).toEqual(first)
    await expect(start('once', 'other')).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
    await platform.until('once', at('ask'))
    expect(platform.done.filter((id) => id.startsWith('once/'))).toEqual(['once/first'])
  })

  test('F9 an input that does not fit the schema starts nothing', async () => {
    await expect(start('bad', '')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('name'),
    })
    const byDefinition = engine.StartWorkflowRequest.fromPartial({
      workflowId: 'bad',
      definition: 'errand',
      version: 1,
      input: 7,
    })
    await expect(platform.workflows.startWorkflow(byDefinition)).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(start('bad', 'x', 'none')).rejects.toMatchObject({ code: 'UNKNOWN_TEMPLATE' })
    await expect(start('a/b')).rejects.toMatchObject({ code: 'BAD_WORKFLOW_ID' })
    await expect(
      platform.workflows.getWorkflow({ workflowId: 'bad', historyAfter: 0, historyLimit: 0 }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('F9 without an id one is chosen, and the newest version without a version', async () => {
    const request = engine.StartWorkflowRequest.fromPartial({ definition: 'errand', input: { name: 'newest' } })
    const started = await platform.workflows.startWorkflow(request)
    expect(started).toMatchObject({ definition: 'errand', version: 2, workflowId: expect.stringMatching(/^errand-/) })
  })
})

describe('a workflow from start to end', () => {
  test('F3 F9 C1 is seen, approved, signalled and gives its result; its summary tells how it went', async () => {
    await start('whole')
    const waiting = await platform.until('whole', (one) => one.approvals.length > 0)
    expect(waiting).toMatchObject({
      workflow: { status: RUNNING, priority: agent.Priority.HIGH, vehicleId: 'vehicle-of-whole', active: ['ask'] },
      checkpoints: ['halfway'],
      approvals: [{ path: 'ask', reason: 'whether to go on', approvers: 'approver' }],
      values: { $input: { name: 'whole' }, first: { released: true } },
    })
    const { approvals } = await eventually(async () => {
      const all = await platform.workflows.listApprovals({ workflowId: 'whole', approvers: 'approver', limit: 10 })
      expect(all.approvals).toHaveLength(1)
      return all
    })
    expect(approvals).toMatchObject([{ workflowId: 'whole', definition: 'errand', priority: agent.Priority.HIGH }])

    const result = platform.workflows.waitForResult({ workflowId: 'whole', timeoutMs: 20_000 }, { deadlineMs: 30_000 })
    expect(await platform.workflows.waitForResult({ workflowId: 'whole', timeoutMs: 0 })).toMatchObject({
      ended: false,
    })
    await approve('whole')
    await platform.until('whole', at('go'))
    await go('whole')
    expect(await result).toMatchObject({ ended: true, status: COMPLETED, output: { done: 'whole', approved: true } })

    const over = await platform.until('whole', (one) => one.workflow?.status === COMPLETED && one.history.length === one.workflow.revision)
    expect(over.history.map(({ number }) => number)).toEqual(over.history.map((_, i) => i + 1))
    expect(over.output).toEqual({ done: 'whole', approved: true })
    expect(over.decisions).toMatchObject([
      { kind: 'approval', path: 'ask', chosen: 'approved', by: 'ann', explanation: 'fine' },
    ])
    expect(over.workflow).toMatchObject({ progress: 100, endedAt: expect.any(String) })

    const summary = await eventually(async () => {
      const one = await platform.workflows.summarizeWorkflow({ workflowId: 'whole' })
      expect(one.evaluation).toBeDefined()
      return one
    })
    expect(summary).toMatchObject({
      results: { first: { released: true }, second: { released: true } },
      evaluation: { grade: expect.stringMatching(/EXCELLENT|GOOD|FAIR|POOR/), score: expect.any(Number) },
      decisions: [{ chosen: 'approved' }],
      text: expect.stringContaining('whole (errand, version 1) has completed'),
    })
  })

  test('F9 answers queries and takes updates, each once', async () => {
    await start('asked')
    await platform.until('asked', at('ask'))
    expect(await platform.workflows.queryWorkflow({ workflowId: 'asked', name: 'name' })).toEqual({ value: 'asked' })
    const update = { workflowId: 'asked', name: 'relabel', updateId: 'u1', payload: { label: 'blue' }, subject: 'ann' }
    expect(await platform.workflows.updateWorkflow(update)).toEqual({ result: 'blue' })
    const again = await platform.workflows.updateWorkflow({ ...update, payload: { label: 'red' } })
    expect(again).toEqual({ result: 'blue' })
    await platform.until('asked', (one) => (one.workflow?.attributes as { label?: string }).label === 'blue')
    await eventually(async () => expect((await search({ attributes: { label: 'blue' } })).workflows).toHaveLength(1))
    await expect(platform.workflows.queryWorkflow({ workflowId: 'asked', name: 'none' })).rejects.toMatchObject({
      kind: 'terminal',
    })
  })

  test('F3 is paused, resumed, reset to a checkpoint and cancelled, with who and why in its history', async () => {
    await start('steered')
    await platform.until('steered', at('ask'))
    await platform.workflows.pauseWorkflow({ workflowId: 'steered', reason: 'lunch', subject: 'ann' })
    await platform.until('steered', is(PAUSED))
    await platform.workflows.resumeWorkflow({ workflowId: 'steered', subject: 'ann' })
    await approve('steered')
    await platform.until('steered', at('go'))
    const reset = { workflowId: 'steered', checkpoint: 'halfway', reason: 'ask again', subject: 'bob' }
    await platform.workflows.resetWorkflow(reset)
    await platform.until('steered', at('ask'))
    await expect(platform.workflows.resetWorkflow({ ...reset, checkpoint: 'nowhere' })).rejects.toMatchObject({
      kind: 'terminal',
    })
    await platform.workflows.cancelWorkflow({ workflowId: 'steered', reason: 'enough', subject: 'ann' })
    const { history } = await platform.until(
      'steered',
      (one) => is(CANCELLED)(one) && one.history.at(-1)?.event === 'cancelled',
    )
    const byPeople = history.filter(({ by }) => by === 'ann' || by === 'bob')
    expect(byPeople.map(({ event, by, detail }) => [event, by, detail])).toEqual([
      ['paused', 'ann', 'lunch'],
      ['resumed', 'ann', ''],
      ['decided', 'ann', 'approved: fine'],
      ['reset', 'bob', 'to halfway: ask again'],
      ['cancelled', 'ann', 'enough'],
    ])
    await expect(
      platform.workflows.pauseWorkflow({ workflowId: 'steered', reason: '', subject: '' }),
    ).rejects.toMatchObject({ code: 'ILLEGAL_TRANSITION', message: 'workflow steered has ended' })
    await expect(
      platform.workflows.pauseWorkflow({ workflowId: 'never', reason: '', subject: '' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('F3 C1 is terminated at once, and moved to another version', async () => {
    await start('ended')
    await platform.until('ended', at('ask'))
    await platform.workflows.terminateWorkflow({ workflowId: 'ended', reason: 'a mistake', subject: 'ann' })
    await platform.until('ended', (one) => one.workflow?.outcome === 'terminated')

    await start('moved')
    await platform.until('moved', at('ask'))
    await platform.workflows.migrateWorkflow({ workflowId: 'moved', version: 2, mapping: undefined, subject: 'ann' })
    await approve('moved')
    await platform.until('moved', at('go'))
    await go('moved')
    const two = await platform.until('moved', at('more'))
    expect(two.workflow).toMatchObject({ version: 2 })
  })

  test('L8 M4 one that fails raises an alarm, and goes on from the point of failure when it is retried', async () => {
    platform.broken.add('broken')
    await start('failing', 'broken')
    const failed = await platform.until('failing', is(FAILED))
    expect(failed.workflow).toMatchObject({
      failure: { node: 'first', code: 'BROKEN', hint: 'mend it and retry' },
      detail: 'first: broken is broken (BROKEN)',
    })
    await eventually(() =>
      expect(platform.telemetry.lines.filter((line) => line.workflow === 'failing')).toMatchObject([
        { level: 'error', message: 'a workflow has failed', code: 'BROKEN' },
      ]),
    )
    const { recommendations } = await platform.workflows.summarizeWorkflow({ workflowId: 'failing' })
    expect(recommendations[0]).toMatchObject({ text: 'mend it and retry', source: 'first' })
    platform.broken.clear()
    await platform.workflows.retryWorkflow({ workflowId: 'failing', subject: 'ann' })
    const again = await platform.until('failing', at('ask'))
    expect(again.workflow).toMatchObject({ status: RUNNING, endedAt: undefined })
  })
})

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
    const statistics = await platform.workflows.getWorkflowStatistics({
      definition: 'errand',
      from: undefined,
      before: undefined,
    })
    const total = Object.values(statistics.byStatus).reduce((sum, one) => sum + one, 0)
    expect(statistics).toMatchObject({
      total,
      byDefinition: { errand: total },
      byPriority: { 2: total },
      errors: 1,
      cancelled: 2,
      active: statistics.byStatus.RUNNING,
    })
    expect(statistics.completed).toBeGreaterThanOrEqual(2)
    expect(statistics.averageCompletionSeconds).toBeGreaterThan(0)
    const { durations } = await platform.workflows.getDefinition({
      name: 'errand',
      version: 1,
      drawing: engine.Drawing.UNSPECIFIED,
      workflowId: '',
    })
    expect(durations.find(({ node }) => node === 'first')).toMatchObject({ count: expect.any(Number), failures: 1 })
    const open = await platform.until('many-5', at('ask'))
    expect(open.workflow?.timeLeft?.p90Seconds).toBeGreaterThanOrEqual(open.workflow?.timeLeft?.medianSeconds as number)
    expect(open.nodes).toContainEqual(expect.objectContaining({ path: 'ask', state: 'waiting' }))
  })
})
