/** A small workflow with one of everything that people can do to a workflow, and the agent that does its tasks. */
import { handle, runAgent } from '@pitcrew/agent'
import { capabilities, type scheduling } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { defineWorkflow, eq, plainLifecycle } from '@pitcrew/workflow'
import type { Messaging } from '@pitcrew/messaging'
import { testTelemetry } from '@pitcrew/testing'
import { z } from 'zod'
import type { Template } from '../src/index.ts'

export interface ErrandInput {
  name: string
}

const errandOf = (version: number) =>
  defineWorkflow<ErrandInput, { done: string; approved: boolean }>('errand', version, plainLifecycle, (flow, input) => {
    flow.update<{ label: string }, string>('relabel', {
      set: (payload) => ({ label: payload.label }),
      result: (payload) => payload.label,
    })
    flow.query('name', input.name)
    flow.task('first', capabilities.releaseHold, { input: { bookingId: input.name } })
    flow.checkpoint('halfway')
    const asked = flow.approval('ask', {
      reason: 'whether to go on',
      approvers: 'approver',
      timeoutMs: null,
      onTimeout: 'reject',
    })
    flow.end('refused', 'refused', { when: eq(asked.approved, false) })
    flow.wait('go', { signals: ['go'], timeoutMs: null, reason: 'a signal' })
    flow.task('second', capabilities.releaseHold, { input: { bookingId: input.name } })
    if (version === 2) flow.wait('more', { signals: ['more'], timeoutMs: null, reason: 'what version 2 adds' })
    return { done: input.name, approved: asked.approved }
  })

const template = (version: number): Template => ({
  name: version === 1 ? 'errand' : `errand-${version}`,
  title: 'Errand',
  description: 'Two steps with a person between them',
  inputSchema: z.object({ name: z.string().min(1).max(50) }),
  definition: errandOf(version),
  attributesOf: (input) => ({ priority: 2, vehicleId: `vehicle-of-${(input as unknown as ErrandInput).name}` }),
})

export const errands: readonly Template[] = [template(1), template(2)]

/** How tasks for a name go: not at all while it is among the broken, and not before its gate opens. */
export interface Conditions {
  broken: Set<string>
  gates: Map<string, PromiseWithResolvers<void>>
}

export async function errandAgent(messaging: Messaging, { broken, gates }: Conditions) {
  const done: string[] = []
  const release = handle(capabilities.releaseHold, async ({ bookingId }: scheduling.ReleaseHoldRequest, { taskId }) => {
    await gates.get(bookingId)?.promise
    if (broken.has(bookingId)) throw new Terminal('BROKEN', `${bookingId} is broken`, { hint: 'mend it and retry' })
    done.push(taskId)
    return { released: true }
  })
  const running = await runAgent({
    messaging,
    telemetry: testTelemetry('scheduling'),
    service: 'scheduling',
    instance: 'errands',
    version: '0',
    capabilities: [release],
  })
  return { done, stop: () => running.stop() }
}
