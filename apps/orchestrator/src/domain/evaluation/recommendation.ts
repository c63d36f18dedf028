/** F8: what to do about it, in plain words, each with the figure that it comes from. */
import type { Deviation } from './baseline.ts'
import type { Part } from './grade.ts'
import type { MetricName, Metrics } from './metric.ts'
import type { TaskQuality } from './task-quality.ts'
import { percent, plain, times, valueText } from './wording.ts'

export interface Recommendation {
  metric: MetricName
  value: number
  /** What it is held against; null if against nothing but good sense. */
  usual: number | null
  /** Node, agent or capability that it is about, '' for the workflow. */
  subject: string
  text: string
}

export interface Findings {
  metrics: Metrics
  tasks: readonly TaskQuality[]
  parts: readonly Part[]
  deviations: readonly Deviation[]
}

/** At most one for each subject and metric; what cost most points first. */
export function recommendationsOf(findings: Findings): Recommendation[] {
  const found = [
    ...failing(findings),
    ...late(findings),
    ...undone(findings),
    ...rounds(findings),
    ...unsure(findings),
    ...queueing(findings),
    ...interventions(findings),
    ...deviating(findings),
  ]
  const lost = new Map(findings.parts.map(({ metric, lost }) => [metric, lost]))
  const keys = new Set<string>()
  return found
    .filter(({ metric, subject }) => !keys.has(`${metric} ${subject}`) && keys.add(`${metric} ${subject}`))
    .sort((a, b) => (lost.get(b.metric) ?? 0) - (lost.get(a.metric) ?? 0))
}

/** Each node that failed, over all its runs. */
function failing({ tasks }: Findings): Recommendation[] {
  const nodes = Map.groupBy(tasks, ({ node }) => node)
  return [...nodes].flatMap(([node, runs]) => {
    const tries = runs.flatMap((run) => run.tries)
    const codes = tries.flatMap(({ failureCode }) => failureCode ?? [])
    if (codes.length === 0) return []
    const code = mostFrequent(codes)
    const text = `${node} failed ${codes.length} of ${plain(tries.length, 'attempt')}, mostly with ${code}: ${adviceFor(code)}`
    return [{ metric: 'errorRate' as const, value: codes.length / tries.length, usual: 0, subject: node, text }]
  })
}

function mostFrequent(codes: readonly string[]): string {
  const counted = [...Map.groupBy(codes, (code) => code)].map(([code, all]) => ({ code, count: all.length }))
  return counted.reduce((most, one) => (one.count > most.count ? one : most)).code
}

function adviceFor(code: string): string {
  if (code === 'OVERDUE') return 'no agent gave an answer in time; start more of them or look why they are silent'
  if (/TIMEOUT|DEADLINE/.test(code)) return 'give it more time, or find out what it waits for'
  if (code === 'RATE_LIMITED') return 'ask it less often at a time, or have its limit raised'
  if (/UNAVAILABLE|DOWN|BUSY/.test(code)) return 'look at what it depends on; retries only wait for that'
  if (/^BAD_|INVALID/.test(code)) return 'its input was refused; retrying does not help, mend what gives that input'
  return "see this code in the agent's log"
}

function late({ metrics: { deadlineUse } }: Findings): Recommendation[] {
  if (deadlineUse === null || deadlineUse <= 1) return []
  const text = `it took ${times(deadlineUse)} the time allowed: begin earlier, or shorten the waits for people at this urgency`
  return [{ metric: 'deadlineUse', value: deadlineUse, usual: 1, subject: '', text }]
}

function undone({ metrics: { undone: count }, tasks }: Findings): Recommendation[] {
  if (!count) return []
  const names = [...new Set(tasks.flatMap(({ undo, node }) => (undo ? [node] : [])))].join(', ')
  const text = `${plain(count, 'task')} had to be undone (${names}): check earlier what made it end this way`
  return [{ metric: 'undone', value: count, usual: 0, subject: '', text }]
}

function rounds({ metrics: { rounds: count } }: Findings): Recommendation[] {
  if (count === null || count < 2) return []
  const text = `the customer was asked ${count} times: offer what they prefer first, on the channel that they answer`
  return [{ metric: 'rounds', value: count, usual: 1, subject: '', text }]
}

function unsure({ metrics: { confidence, confidenceGain }, tasks }: Findings): Recommendation[] {
  if (confidence === null || confidence >= 0.5 || confidenceGain === null) return []
  const node = tasks.findLast((task) => task.confidence !== null)?.node ?? ''
  const text =
    `${node} ended at a confidence of ${percent(confidence)}, gaining ${percent(confidenceGain)} a pass: ` +
    'more passes over the same evidence help little, give it another source'
  return [{ metric: 'confidence', value: confidence, usual: 0.5, subject: node, text }]
}

/** Tasks that waited longer for an agent than they then took. */
function queueing({ metrics: { queueMs, taskSeconds }, tasks }: Findings): Recommendation[] {
  if (queueMs === null || taskSeconds === null || queueMs < 1_000 || queueMs < taskSeconds * 1_000) return []
  const longest = tasks.reduce((most, one) => ((one.queueMs ?? 0) > (most.queueMs ?? 0) ? one : most))
  const subject = longest.capability || longest.node
  const text =
    `tasks waited ${valueText('queueMs', queueMs)} for agents and then took ${valueText('taskSeconds', taskSeconds)}: ` +
    `start more agents for ${subject}`
  return [{ metric: 'queueMs', value: queueMs, usual: taskSeconds * 1_000, subject, text }]
}

function interventions({ metrics: { interventions: count } }: Findings): Recommendation[] {
  if (!count) return []
  const text = `a person stepped in ${plain(count, 'time')}: what they did is in the history, and may be worth a rule`
  return [{ metric: 'interventions', value: count, usual: 0, subject: '', text }]
}

/** What was unlike its own past and is not the consequence of another figure. */
function deviating({ deviations, tasks }: Findings): Recommendation[] {
  const own = new Set<MetricName>(['workingMs', 'longestTaskMs', 'waitingMs', 'durationMs', 'taskSeconds'])
  return deviations.flatMap(({ metric, value, usual, worse }) => {
    if (!own.has(metric)) return []
    const slowest = tasks.reduce<TaskQuality | undefined>(
      (most, one) => (one.workMs > (most?.workMs ?? 0) ? one : most),
      undefined,
    )
    const subject = metric === 'longestTaskMs' ? (slowest?.node ?? '') : ''
    const where = slowest && metric !== 'waitingMs' ? `; most of the work was ${slowest.node}` : ''
    const text = `${metric} was ${valueText(metric, value)}, usual is ${valueText(metric, usual)} (${percent(worse)} worse)${where}`
    return [{ metric, value, usual, subject, text }]
  })
}
