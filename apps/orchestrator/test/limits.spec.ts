import { afterEach, expect, test } from '@jest/globals'
import { engine, workflow } from '@pitcrew/contracts'
import { eventually } from '@pitcrew/testing'
import { openPlatform, type Platform, type Workflows } from './platform.ts'

const { RUNNING, PENDING, COMPLETED } = workflow.WorkflowStatus
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
}, 60_000)

async function open(env: Record<string, string> = {}): Promise<Platform> {
  const platform = await openPlatform({ WORKFLOW_PARTITIONS: '1', ...env })
  closing.push(() => platform.stop())
  return platform
}

const start = (workflows: Workflows, workflowId: string, attributes?: Record<string, unknown>) =>
  workflows.startWorkflow(
    engine.StartWorkflowRequest.fromPartial({
      workflowId,
      template: 'errand',
      input: { name: workflowId },
      attributes,
    }),
  )

test('M7 no more than the limit run at a time; who waits is pending, and the most urgent goes next', async () => {
  const platform = await open({ WORKFLOW_MAX_ACTIVE: '2' })
  const { workflows, gates } = platform
  for (const name of ['one', 'two', 'three', 'urgent']) gates.set(name, Promise.withResolvers())
  for (const id of ['one', 'two', 'three']) await start(workflows, id)
  await start(workflows, 'urgent', { priority: 1 })
  const standing = async () => {
    const { workflows: all } = await workflows.searchWorkflows({ filter: undefined, limit: 10, cursor: '' })
    return Object.fromEntries(all.map(({ workflowId, status }) => [workflowId, status]))
  }
  await eventually(async () =>
    expect(await standing()).toEqual({ one: RUNNING, two: RUNNING, three: PENDING, urgent: PENDING }),
  )
  const all = { definition: '', from: undefined, before: undefined }
  expect(await workflows.getWorkflowStatistics(all)).toMatchObject({ maxActive: 2, waitingForAdmission: 2, active: 4 })
  gates.get('one')?.resolve()
  await eventually(async () => expect(await standing()).toMatchObject({ urgent: RUNNING, three: PENDING }))
  const { decisions } = await platform.until('urgent', (one) => one.decisions.length > 0)
  expect(decisions).toMatchObject([{ kind: 'admission', chosen: 'urgent', explanation: expect.any(String) }])
  for (const gate of gates.values()) gate.resolve()
  await platform.until('three', (one) => one.approvals.length > 0)
}, 60_000)

test('M7 C1 what is open when the service stops goes on with the next one, once', async () => {
  const platform = await open()
  const second = await platform.another()
  await start(platform.workflows, 'open')
  await platform.until('open', (one) => one.approvals.length > 0)
  await platform.stopFirst()
  const decision = { workflowId: 'open', path: 'ask', approved: true, comment: '', decisionId: 'd1', subject: 'ann' }
  await eventually(() => second.workflows.decideApproval(decision), { timeoutMs: 30_000 })
  await second.workflows.signalWorkflow({
    workflowId: 'open',
    signal: 'go',
    signalId: '1',
    payload: {},
    subject: 'ann',
  })
  const result = await second.workflows.waitForResult({ workflowId: 'open', timeoutMs: 30_000 }, { deadlineMs: 40_000 })
  expect(result).toMatchObject({ ended: true, status: COMPLETED })
  expect(platform.done).toEqual(['open/first', 'open/second'])
}, 90_000)

test('F1 F9 a goal is planned by the engine itself, shown for approval, and carried out', async () => {
  const [{ templates }, { config }] = await Promise.all([
    import('../src/templates/index.ts'),
    import('../src/config.ts'),
  ])
  const platform = await openPlatform({}, templates(config.parse({})))
  closing.push(() => platform.stop())
  const input = {
    goal: {
      kind: 'diagnosis',
      text: 'find out what is wrong with the brakes',
      inputs: { alertId: 'a', vehicleId: 'v', system: 's' },
    },
  }
  const request = engine.StartWorkflowRequest.fromPartial({ workflowId: 'goal', template: 'planned-goal', input })
  await platform.workflows.startWorkflow(request)
  const asked = await platform.until('goal', (one) => one.approvals.length > 0)
  expect(asked.values).toMatchObject({ plan: { madeBy: 'rules', tasks: expect.any(Object) } })
  const { plan } = asked.values as { plan: { summary: string } }
  expect(asked.approvals).toMatchObject([{ path: 'carry-out-approval', reason: plan.summary, due: expect.any(String) }])
  const no = { workflowId: 'goal', path: '', approved: false, comment: 'not now', decisionId: '', subject: 'ann' }
  await platform.workflows.decideApproval(no)
  await platform.until('goal', (one) => one.workflow?.outcome === 'rejected')
}, 60_000)
