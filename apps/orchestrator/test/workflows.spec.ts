import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { agent, engine, workflow } from '@pitcrew/contracts'
import { eventually } from '@pitcrew/testing'
import { at, is, driver } from './driver.ts'
import { openPlatform, type Platform } from './platform.ts'

const { RUNNING, PAUSED, COMPLETED, FAILED, CANCELLED } = workflow.WorkflowStatus

let platform: Platform
beforeAll(async () => {
  platform = await openPlatform()
}, 60_000)
afterAll(() => platform?.stop(), 60_000)

const { start, approve, go, search } = driver(() => platform)

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

    const over = await platform.until(
      'whole',
      (one) => one.workflow?.status === COMPLETED && one.history.length === one.workflow.revision,
    )
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
