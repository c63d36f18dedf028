/** What becomes of a message whose handler threw: the one policy, for single messages and batches. */
import { Retryable, Terminal, type Failure } from '@pitcrew/errors'
import { backoffMs } from './pause.ts'

export type Outcome =
  { then: 'dead-letter'; failure: Failure } | { then: 'retry'; afterMs: number } | { then: 'give-back' }

export function outcomeOf(failure: Failure, deliveries: number, maxDeliver: number): Outcome {
  switch (failure.kind) {
    case 'terminal':
      return { then: 'dead-letter', failure }
    case 'cancelled':
      return { then: 'give-back' }
    case 'retryable':
      if (deliveries >= maxDeliver) return { then: 'dead-letter', failure }
      return { then: 'retry', afterMs: failure.afterMs ?? backoffMs(deliveries) }
  }
}

/** A message that comes again after its last allowed delivery took its handler's whole process down. */
export const exhausted = (deliveries: number) =>
  new Retryable('DELIVERIES_EXHAUSTED', `delivered ${deliveries} times without an outcome`, {
    hint: 'find what crashes on it, then replay it',
  })

export const undecodable = (type: string, cause: unknown) =>
  new Terminal('UNDECODABLE', `not a message of ${type}`, {
    cause,
    hint: 'was it published by something outside the pipeline?',
  })
