import { describe, expect, test } from '@jest/globals'
import type { engine } from '@pitcrew/contracts'
import { chooseAgent, type AgentStanding } from '@pitcrew/workflow'
import { decisionLine, factorsText } from './decisions.ts'

const now = Date.UTC(2026, 10, 20)
const standing = (id: string, running: number): AgentStanding => ({
  id,
  capabilities: ['scheduling.hold-slot'],
  expertise: [],
  version: '1',
  running,
  slots: 4,
  blocked: false,
  heardAt: now,
  record: { succeeded: 90, failed: 10, meanMs: 100 },
})
const decision = (fields: Partial<engine.Decision>): engine.Decision => ({
  path: 'ask',
  at: undefined,
  kind: 'approval',
  chosen: 'approved',
  explanation: 'looks right',
  by: 'ann',
  record: { approved: true },
  ...fields,
})

describe('C2 a decision is one line', () => {
  test('C2 a choice tells its score, what each factor added, and how far ahead of the next it was', () => {
    const chosen = chooseAgent(
      { capability: 'scheduling.hold-slot', expertise: [] },
      [standing('scheduling.busy', 3), standing('scheduling.idle', 0)],
      now,
    )
    const text = factorsText(chosen)
    expect(chosen.chosen).toBe('scheduling.idle')
    for (const { factor } of chosen.candidates[0]!.contributions) expect(text).toContain(`${factor} +`)
    expect(text).toMatch(/^score 0\.\d\d, .*, \+0\.\d\d to scheduling\.busy$/)
    const line = decisionLine(
      decision({
        path: 'pick',
        kind: 'choice',
        chosen: 'scheduling.idle',
        by: '',
        explanation: 'it is idle',
        record: chosen,
      }),
    )
    expect(line).toBe(`pick  choice scheduling.idle: it is idle [${text}]`)
  })

  test('C6 a verdict on an iteration tells its metrics', () => {
    const record = { stop: true, metrics: { quality: 0.8123, gain: 0.1, nodes: [] } }
    const line = decisionLine(
      decision({ kind: 'iteration', chosen: 'stop', by: '', explanation: 'good enough', record }),
    )
    expect(line).toBe('ask  iteration stop: good enough [quality 0.81, gain 0.1]')
  })

  test('C2 an answer tells who and why, once', () => {
    expect(decisionLine(decision({}))).toBe('ask  approval approved by ann: looks right')
    expect(decisionLine(decision({ explanation: 'approved by ann' }))).toBe('ask  approval approved by ann')
    expect(factorsText(undefined)).toBe('')
  })
})
