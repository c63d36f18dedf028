import type { Entry } from '@pitcrew/workflow'

/** The transitions of a workflow that begins at `at` and ends a minute later. */
export function run(id: string, at: number, status: 'completed' | 'failed' = 'completed'): Entry[] {
  const after = (active: string[]): Entry['after'] => ({
    definition: 'vehicle-case',
    status: 'running',
    phase: 'DIAGNOSIS',
    attributes: {
      vehicleId: `v-${id}`,
      priority: 1,
      urgency: 'URGENCY_CRITICAL',
      system: 'VEHICLE_SYSTEM_BRAKES',
      engaged: true,
    },
    progress: 50,
    startedAt: at,
    active,
  })
  const failure = { kind: 'terminal', code: 'DOWN', message: 'the pump is down', node: 'step' } as const
  const values = { $input: { id }, step: { recommendation: `mend ${id}`, text: 'x'.repeat(5_000) } }
  return [
    {
      id,
      revision: 1,
      event: { type: 'started', at, definition: 'vehicle-case', version: 1, input: { id } },
      after: after(['step']),
    },
    {
      id,
      revision: 2,
      event:
        status === 'completed'
          ? { type: 'task-succeeded', at: at + 60_000, path: 'step', attempt: 1, output: values.step, agent: 'a.1' }
          : { type: 'task-failed', at: at + 60_000, path: 'step', attempt: 1, failure, agent: 'a.1' },
      after: {
        ...after([]),
        status,
        phase: status === 'completed' ? 'COMPLETED' : 'FAILED',
        outcome: status === 'completed' ? 'repaired' : 'failed',
        ...(status === 'failed' && { failure }),
        progress: 100,
        values,
        output: { mended: id },
      },
    },
  ]
}
