/**
 * C2: the decisions that an event records, with every factor, in the form in which they are stored with the transition.
 * A person's answer to an approval is one, an admission is one, and an output may hold some: the choice of an agent or a slot
 * (`decision`), the verdict on an iteration (`verdict`).
 */
import type { Entry, Json } from '@pitcrew/workflow'

export interface DecisionRecord {
  kind: 'approval' | 'admission' | 'choice' | 'iteration'
  chosen: string
  /** In words. */
  explanation: string
  /** As it was made. */
  record: Json
}

type Fields = { [name: string]: Json }

export function decisionIn(event: Entry['event']): DecisionRecord | null {
  switch (event.type) {
    case 'decided': {
      const { approved, by, comment } = event
      const chosen = approved ? 'approved' : 'rejected'
      return {
        kind: 'approval',
        chosen,
        explanation: comment || `${chosen} by ${by}`,
        record: { approved, by, comment },
      }
    }
    case 'admitted':
      return fromChoice('admission', event.factors)
    case 'task-succeeded':
      return fromOutput(event.output)
    default:
      return null
  }
}

function fromOutput(output: Json): DecisionRecord | null {
  const fields = fieldsOf(output)
  if (!fields) return null
  return fromChoice('choice', fields.decision) ?? fromVerdict(fields.verdict)
}

function fromChoice(kind: 'admission' | 'choice', made: Json | undefined): DecisionRecord | null {
  const fields = fieldsOf(made)
  if (!fields) return null
  return {
    kind,
    chosen: words(fields.chosen),
    explanation: words(fields.because) || words(fields.explanation),
    record: fields,
  }
}

function fromVerdict(made: Json | undefined): DecisionRecord | null {
  const fields = fieldsOf(made)
  if (!fields) return null
  const chosen = fields.stop === true ? 'stop' : 'go on'
  return { kind: 'iteration', chosen, explanation: words(fields.explanation) || words(fields.reason), record: fields }
}

const words = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

function fieldsOf(value: Json | undefined): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}
