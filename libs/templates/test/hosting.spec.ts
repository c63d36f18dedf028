import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually, testBroker, testMessaging, type TestBroker } from '@pitcrew/testing'
import { Definitions, type Json } from '@pitcrew/workflow'
import { hostWorkflows, provisionWorkflowStreams, type WorkflowHost } from '@pitcrew/workflow-jetstream'
import { agentsOf, templates, type ManuscriptReview, type SoftwareResult } from '../src/index.ts'
import { longStory, story } from '../src/manuscript/spec-manuscript.ts'
import { failing, shop } from '../src/software/spec-module.ts'

const partitions = 2
const module = { name: 'slugs', description: 'Texts fit for an address.', functions: shop.functions.slice(0, 1) }

describe('F9 templates on a real log', () => {
  let broker: TestBroker
  let folder: string
  let host: WorkflowHost
  const closing: (() => Promise<unknown>)[] = []

  beforeAll(async () => {
    broker = await testBroker()
    const messaging = await testMessaging(broker, 'orchestrator')
    await provisionWorkflowStreams(messaging.connection, { partitions, replicas: 1 })
    await messaging.drain()
  })
  afterAll(() => broker.stop())

  beforeEach(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'pitcrew-templates-')))
    const messaging = await testMessaging(broker, 'orchestrator')
    closing.push(() => messaging.drain())
    host = await hostWorkflows({
      messaging,
      definitions: new Definitions(here().map(({ definition }) => definition)),
      partitions,
      instance: 'templates',
      local: agentsOf(here()),
      projected: () => Promise.resolve(0),
      onTrouble: (_, failure) => {
        throw failure
      },
    })
    closing.push(() => host.stop())
  })
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
    rmSync(folder, { recursive: true })
  })

  const here = () => templates({ manuscripts: folder, workshops: folder })

  async function start(id: string, name: string, input: object): Promise<void> {
    const template = here().find((one) => one.name === name)
    const checked = template?.inputSchema.parse(input) as Json
    await host.client.start({ id, definition: name, version: 1, input: checked })
  }

  test('F9 a manuscript is reviewed, and one that is not good enough goes to an editor', async () => {
    await start('good', 'manuscript-review', { title: 'Lighthouse', text: story, qualityThreshold: 0.5 })
    const good = await host.client.result({ id: 'good', timeoutMs: 20_000 })
    expect(good).toMatchObject({ status: 'completed', output: { accepted: true, editor: null } })
    writeFileSync(join(folder, 'book.md'), longStory(300_000))
    await start('long', 'manuscript-review', { title: 'Book', file: 'book.md', acceptScore: 100 })
    await eventually(async () => expect((await host.client.get('long')).view.active).toEqual(['editor']), {
      timeoutMs: 20_000,
    })
    await host.client.decide({ id: 'long', path: 'editor', approved: true, by: 'ada', comment: '', decisionId: 'd1' })
    const { output } = await host.client.result({ id: 'long', timeoutMs: 20_000 })
    const review = output as unknown as ManuscriptReview
    expect(review).toMatchObject({ accepted: true, editor: { by: 'ada' } })
    expect(review.words).toBeGreaterThan(40_000)
    expect(review.report.recommendations.length).toBeGreaterThan(0)
  }, 60_000)

  test('F3 a module is made and published; one whose example fails leaves nothing behind', async () => {
    mkdirSync(join(folder, 'work'))
    await start('made', 'software-task', { directory: 'work', module })
    const made = await host.client.result({ id: 'made', timeoutMs: 20_000 })
    expect(made).toMatchObject({ status: 'completed' })
    expect((made.output as unknown as SoftwareResult).tests).toEqual({ tests: 3, passed: 3, failures: [] })
    const before = readdirSync(folder, { recursive: true }).sort()
    expect(before).toContain('work/published/slugs/0.1.0/slugs-0.1.0.tgz')
    await start('bad', 'software-task', { directory: 'work', module: failing })
    expect(await host.client.result({ id: 'bad', timeoutMs: 20_000 })).toMatchObject({
      status: 'failed',
      failure: { code: 'EXAMPLES_FAILED' },
    })
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before)
  }, 60_000)
})
