import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { engine } from '@pitcrew/contracts'
import { eventually } from '@pitcrew/testing'
import { pitcrew } from './command-line.ts'
import { openWorkflowPlatform, type WorkflowPlatform } from './workflow-platform.ts'

let platform: WorkflowPlatform
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pitcrew-workflows-'))
  platform = await openWorkflowPlatform()
}, 60_000)
afterAll(async () => {
  await platform?.stop()
  rmSync(folder, { recursive: true })
}, 60_000)

const workflows = (...args: string[]) =>
  pitcrew(['workflows', ...args], { PITCREW_URL: platform.url, PITCREW_CWD: folder })
const asJson = async <T>(...args: string[]): Promise<T> => {
  const { stdout, stderr } = await workflows(...args, '--json')
  expect(stderr).toBe('')
  return JSON.parse(stdout) as T
}
const start = (id: string, name = id) => workflows('start', 'errand', '--id', id, '--input', JSON.stringify({ name }))

/** Asked of the gateway, so that waiting does not start a process each time. */
const until = (id: string, is: (one: engine.GetWorkflowResponse) => boolean) =>
  eventually(
    async () => {
      const response = await fetch(`${platform.url}/v1/workflows/${id}`)
      const one = (await response.json()) as engine.GetWorkflowResponse
      if (!is(one)) throw new Error(`it is ${JSON.stringify(one.workflow)}`)
    },
    { timeoutMs: 20_000 },
  )
const at = (path: string) => (one: engine.GetWorkflowResponse) => one.workflow?.active.includes(path) ?? false
const status = (name: string) => (one: engine.GetWorkflowResponse) => one.workflow?.status === `WORKFLOW_STATUS_${name}`

describe('what can be run', () => {
  test('F9 lists definitions and templates, and shows one with the schema of its input', async () => {
    expect((await workflows('definitions')).stdout).toMatch(/errand +2 .*\nerrand +1 .* go +name +relabel +halfway/)
    const one = await workflows('definitions', 'errand', '--version', '1')
    expect(one.stdout).toMatch(/errand, version 1, \d+ nodes[^]*signals +go\n/)
    expect((await workflows('templates')).stdout).toMatch(/errand +errand v1 +Errand +A step, a person and a signal/)
    const template = await workflows('templates', 'errand')
    expect(template.stdout).toMatch(/"required": \[\n +"name"/)
    expect(template.stdout).toMatch('next: ./pitcrew workflows start errand --input FILE')
    expect(await workflows('templates', 'none')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^UNKNOWN_TEMPLATE: .*\n {2}next: there are: errand/),
    })
  }, 30_000)

  test('F9 C3 draws a definition and a workflow with how far it is', async () => {
    await start('drawn')
    await until('drawn', at('ask'))
    expect(await workflows('draw', 'drawn', 'now.svg')).toMatchObject({ code: 0 })
    const svg = readFileSync(join(folder, 'now.svg'), 'utf8')
    await workflows('draw', 'errand', 'plain.svg', '--definition', '--version', '1')
    const plain = readFileSync(join(folder, 'plain.svg'), 'utf8')
    expect([svg, plain]).toEqual(Array(2).fill(expect.stringMatching(/^<svg[^]*ask/)))
    expect(svg).not.toBe(plain)
    expect((await workflows('draw', 'drawn', '-')).stdout).toMatch(/^(flowchart|graph)/)
    expect(await workflows('draw', 'drawn', 'now.png')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/BAD_USAGE.*\n {2}next: end it in \.svg or \.mmd/),
    })
  }, 30_000)
})

describe('a workflow from start to end', () => {
  test('F3 says while it waits for a result that a person is waited for, once', async () => {
    await start('waited')
    await until('waited', at('ask'))
    const waited = await workflows('result', 'waited', '--wait', '3')
    expect(waited).toMatchObject({ code: 1, stderr: expect.stringMatching(/STILL_OPEN/) })
    expect(waited.stderr.match(/it waits for \S+ to approve: .*\n {2}next: .*approve waited ask /g)).toHaveLength(1)
  }, 30_000)

  test('F9 F3 starts from a file, shows who is waited for, is approved and signalled, and gives its result', async () => {
    writeFileSync(join(folder, 'input.json'), '{"name":"whole"}')
    const started = await workflows(
      'start',
      'errand',
      '--id',
      'whole',
      '--input',
      'input.json',
      '--attribute',
      'bay=b-1',
    )
    expect(started.stdout).toMatch(/✓ whole +errand v1\n {2}next: \.\/pitcrew workflows show whole/)
    await until('whole', at('ask'))
    const shown = (await workflows('show', 'whol')).stdout
    expect(shown).toMatch(/^whole {2}errand, version 1, v-whole, priority high\nrunning, in \w+, \d+ %/)
    expect(shown).toMatch(/Waits for people\n[^]*whole +ask +HIGH +approver +[^]*whether to go on/)
    expect(shown).toMatch('next: ./pitcrew workflows approve whole ask')
    expect(shown).toMatch(/Checkpoints\n {2}halfway/)
    expect(shown).toMatch(/bay b-1/)
    const values = (await workflows('show', 'whole', '--values')).stdout
    expect(values).toMatch(/Values\ninput: \{\n {2}"name": "whole"\n\}\nfirst: \{\n {2}"released": true/)
    await eventually(
      async () => expect((await workflows('approvals')).stdout).toMatch(/whole +ask .*whether to go on/),
      { timeoutMs: 10_000 },
    )
    const open = await workflows('result', 'whole')
    expect(open).toMatchObject({ code: 1, stderr: expect.stringMatching(/^STILL_OPEN: .*\n {2}next: .*show whole/) })

    expect(await workflows('approve', 'whole', '--comment', 'fine')).toMatchObject({ code: 0 })
    await until('whole', at('go'))
    const ending = workflows('result', 'whole', '--wait', '20')
    const following = workflows('follow', 'whole')
    expect(await workflows('signal', 'whole', 'go', '--payload', '{"from":"test"}')).toMatchObject({ code: 0 })
    expect(await ending).toMatchObject({ code: 0, stdout: expect.stringMatching(/^completed\n[^]*"done": "whole"/) })
    const told = (await following).stdout.trimEnd().split('\n')
    expect(told.map((text) => text.slice(0, 4).trim())).toEqual(told.map((_, i) => String(i + 1)))
    expect([told[0], told.at(-1)]).toEqual([
      expect.stringMatching(/started/),
      expect.stringMatching(/100 % {2}signalled/),
    ])
    await until('whole', (one) => status('COMPLETED')(one) && one.decisions.length > 0)
    const over = (await workflows('show', 'whole')).stdout
    expect(over).toMatch(/Decisions\n {2}ask {2}approval approved by operator: fine\n/)
    expect(over).toMatch(/Output\n {2}\{"done":"whole"\}/)
    expect((await workflows('history', 'whole')).stdout).toMatch(/1 +0\.0 s +started[^]*decided +ask[^]*signalled/)
    const summary = await asJson<engine.SummarizeWorkflowResponse>('summary', 'whole')
    expect(summary).toMatchObject({ text: expect.stringContaining('whole (errand, version 1) has completed') })
  }, 60_000)

  test('F9 waits for the end when told to, and a refusal is told by the exit code', async () => {
    const waiting = workflows('start', 'errand', '--id', 'waited', '--input', '{"name":"waited"}', '--wait', '--json')
    await until('waited', at('ask'))
    expect(await workflows('reject', 'waited', 'ask', '--comment', 'no')).toMatchObject({ code: 0 })
    const { code, stdout } = await waiting
    expect(JSON.parse(stdout)).toMatchObject({ workflowId: 'waited', ended: true, outcome: 'refused' })
    expect(code).toBe(0)
    expect(
      await workflows('start', 'errand', '--id', 'late', '--input', '{"name":"late"}', '--wait', '--timeout', '1'),
    ).toMatchObject({ code: 1, stderr: expect.stringMatching(/^STILL_OPEN/) })
  }, 60_000)

  test('F9 what cannot be started says why and what to do', async () => {
    expect(await workflows('start', 'errand', '--input', '{}')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^BAD_INPUT: .*name.*\n {2}next: list the templates/),
    })
    expect(await workflows('start', 'errand', '--input', 'none.json')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^FILE_NOT_FOUND: .*\n {2}next: /),
    })
    writeFileSync(join(folder, 'bad.json'), '{"name"')
    expect(await workflows('start', 'errand', '--input', 'bad.json')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^BAD_USAGE: --input: bad.json is not JSON/),
    })
  }, 30_000)
})

describe('steering', () => {
  test('F3 pauses, resumes, asks, updates, resets and cancels, with who and why in the history', async () => {
    await start('steered')
    await until('steered', at('ask'))
    expect((await workflows('query', 'steered', 'name')).stdout).toBe('"steered"\n')
    expect((await workflows('update', 'steered', 'relabel', '--payload', '{"label":"blue"}')).stdout).toBe('"blue"\n')
    await workflows('pause', 'steered', '--reason', 'lunch')
    await until('steered', status('PAUSED'))
    await workflows('resume', 'steered')
    await until('steered', status('RUNNING'))
    await workflows('approve', 'steered')
    await until('steered', at('go'))
    expect(await workflows('reset', 'steered', 'halfway')).toMatchObject({ code: 2 })
    expect(await workflows('reset', 'steered', 'halfway', '--reason', 'asked the wrong one')).toMatchObject({ code: 0 })
    await until('steered', at('ask'))
    expect(await asJson('cancel', 'steered', '--reason', 'vehicle sold')).toEqual({
      workflowId: 'steered',
      done: 'cancelled: what was done is undone',
    })
    await until('steered', status('CANCELLED'))
    await eventually(async () => {
      const { stdout } = await workflows('history', 'steered')
      expect(stdout).toMatch(/paused .*operator +.*lunch[^]*reset .*asked the wrong one[^]*cancelled .*vehicle sold/)
    })
    expect(await workflows('pause', 'steered')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^ILLEGAL_TRANSITION: .*\n {2}next: /),
    })
  }, 60_000)

  test('F3 C1 finds what failed, shows why, and retries it in bulk with a result for each', async () => {
    platform.broken.add('b-1').add('b-2')
    await Promise.all([start('b-1'), start('b-2')])
    await Promise.all([until('b-1', status('FAILED')), until('b-2', status('FAILED'))])
    await eventually(
      async () => {
        const { stdout } = await workflows('list', '--status', 'failed', '--text', 'BROKEN', '--since', '1h')
        expect(stdout).toMatch(/b-[12] +errand v1 +failed [^]*BROKEN at first\n/)
        expect(stdout.trim().split('\n')).toHaveLength(3)
      },
      { timeoutMs: 10_000 },
    )
    expect((await workflows('show', 'b-1')).stdout).toMatch(
      /BROKEN at first: b-1 is broken\n {2}next: mend it and retry/,
    )
    const dry = await workflows('bulk', 'retry', '--status', 'FAILED', '--text', 'BROKEN', '--dry-run')
    expect(dry.stdout).toMatch(/would +b-[12][^]*2 would be touched by retry/)
    platform.broken.clear()
    const mixed = await workflows('bulk', 'retry', '--id', 'b-1,b-2,b-3')
    expect(mixed.code).toBe(1)
    expect(mixed.stdout).toMatch(/done +b-1\ndone +b-2\nfailed +b-3 +NOT_FOUND: .*\n2 of 3 done/)
    await Promise.all([until('b-1', at('ask')), until('b-2', at('ask'))])
    expect(await workflows('bulk', 'retry')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/filter is empty.*\n {2}next: /),
    })
    expect(await workflows('bulk', 'polish', '--id', 'b-1')).toMatchObject({ code: 2 })
  }, 60_000)

  test('F9 moves to another version, and ends at once', async () => {
    await start('moved')
    await until('moved', at('ask'))
    expect(await workflows('migrate', 'moved', '2')).toMatchObject({ code: 0 })
    await until('moved', (one) => one.workflow?.version === 2)
    expect(await workflows('terminate', 'moved', '--reason', 'test')).toMatchObject({ code: 0 })
    await until('moved', (one) => one.workflow?.endedAt !== undefined)
  }, 30_000)
})

test('L11 M6 counts, over all or over those that started lately', async () => {
  const { stdout } = await workflows('stats', '--definition', 'errand', '--since', '1h')
  expect(stdout).toMatch(/workflows \d+: \d+ active, [1-9]\d* completed/)
  expect(stdout).toMatch(/definition +workflows\nerrand +\d+/)
  expect(await workflows('stats', '--since', 'monday')).toMatchObject({ code: 2 })
}, 30_000)

test('M3 lists agents with type, version, load, what they can do and how it went', async () => {
  const agents = (...args: string[]) => pitcrew(['agents', 'list', ...args], { PITCREW_URL: platform.url })
  await eventually(
    async () => {
      const { stdout } = await agents()
      expect(stdout).toMatch(/scheduling\.errands +scheduling +7 +alive +\d+ of \d+ .*scheduling\.release-hold/)
    },
    { timeoutMs: 20_000 },
  )
  expect((await agents('--type', 'diagnosis')).stdout).toBe('no agent has made itself heard\n')
  expect(await agents('--type', 'cooking')).toMatchObject({ code: 2 })
}, 60_000)
