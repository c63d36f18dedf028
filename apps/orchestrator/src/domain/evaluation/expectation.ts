/** F8: what a definition's workflows are meant to be like. Without one, nothing but their own past is held against them. */
import { vehicle } from '@pitcrew/contracts'
import { vehicleCase } from '../vehicle-case.ts'

export interface Expectation {
  /** Time allowed, milliseconds, by urgency; `*` for any other. */
  allowedMs?: Readonly<Record<string, number>>
  /** What has to have happened in that time: a node's id or an event. The end, if not set. */
  milestone?: string
  /** Node that runs once in each round with the customer. */
  roundNode?: string
  /** How good an outcome is, 0 to 1; 1 for those that are not named. */
  outcomes?: Readonly<Record<string, number>>
}

const hour = 3_600_000
const day = 24 * hour

/** The times are those to failure that the urgencies stand for: by then the vehicle has to be in the workshop. */
const caseExpectation: Expectation = {
  allowedMs: {
    [vehicle.Urgency.CRITICAL]: day,
    [vehicle.Urgency.HIGH]: 7 * day,
    [vehicle.Urgency.MEDIUM]: 30 * day,
  },
  milestone: 'signalled visit-started',
  roundNode: 'propose',
  outcomes: {
    declined: 0.7,
    'no-response': 0.4,
    'not-attended': 0.4,
    'not-repaired': 0.3,
    'never-finished': 0.2,
  },
}

export const expectations: Readonly<Record<string, Expectation>> = { [vehicleCase.name]: caseExpectation }
