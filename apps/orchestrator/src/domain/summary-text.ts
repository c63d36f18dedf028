import type { engine } from '@pitcrew/contracts'
import type { TransitionRow } from './transition-row.ts'

type Facts = Omit<engine.SummarizeWorkflowResponse, 'text'>

/** A few sentences for people. */
export function summaryText(
  { workflow, evaluation, recommendations, decisions, durationSeconds, workingSeconds }: Facts,
  history: readonly TransitionRow[],
): string {
  if (!workflow) return ''
  const { workflowId, definition, version, status, outcome, endedAt, failure, detail } = workflow
  const name = `${workflowId} (${definition}, version ${version})`
  const state = status.replace('WORKFLOW_STATUS_', '').toLowerCase()
  const stand = endedAt ? `has ${state === 'cancelled' ? 'been cancelled' : state}` : `is ${state}`
  const failed = history.filter(({ event }) => event === 'task-failed').length
  const agents = new Set(history.filter(({ event }) => event === 'task-succeeded').map(({ agent }) => agent)).size
  const [first] = recommendations
  return [
    `${name} ${stand}${outcome ? `: ${outcome}` : ''}.`,
    failure && endedAt ? `It failed at ${failure.node} with ${failure.code}: ${failure.message}.` : '',
    !endedAt && detail ? `It is ${detail.startsWith('at ') ? detail : `there, and ${detail}`}.` : '',
    `It ${endedAt ? 'took' : 'has taken'} ${duration(durationSeconds)}, ${duration(workingSeconds)} of it at ${agents} ${agents === 1 ? 'agent' : 'agents'}.`,
    `${history.length} transitions, ${failed} failed ${failed === 1 ? 'attempt' : 'attempts'}, ${decisions.length} recorded ${decisions.length === 1 ? 'decision' : 'decisions'}.`,
    evaluation ? `Quality: ${evaluation.grade}, ${Math.round(evaluation.score)} of 100.` : '',
    first ? `First recommendation: ${first.text}` : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1_000)} ms`
  if (seconds < 120) return `${seconds.toFixed(1)} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${(seconds / 3_600).toFixed(1)} h`
  return `${Math.round(seconds / 86_400)} days`
}
