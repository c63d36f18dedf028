import type { Lifecycle } from '@pitcrew/workflow'

/**
 * M1: the twelve states of a case. Any state may end early (declined, logged only, cancelled), fail, or wait in RETRY for
 * the next attempt of a step and then return to where it was.
 */
export const caseLifecycle: Lifecycle = {
  initial: 'PENDING',
  completed: 'COMPLETED',
  failed: 'FAILED',
  retry: 'RETRY',
  next: {
    PENDING: ['DATA_ANALYSIS', 'COMPLETED'],
    DATA_ANALYSIS: ['DIAGNOSIS', 'COMPLETED'],
    DIAGNOSIS: ['URGENCY_ASSESSMENT', 'COMPLETED'],
    URGENCY_ASSESSMENT: ['CUSTOMER_ENGAGEMENT', 'COMPLETED'],
    CUSTOMER_ENGAGEMENT: ['SCHEDULING', 'COMPLETED'],
    // Back to the customer when the slot is lost or another time is wanted.
    SCHEDULING: ['SCHEDULED', 'CUSTOMER_ENGAGEMENT', 'COMPLETED'],
    SCHEDULED: ['IN_SERVICE', 'SCHEDULING', 'COMPLETED'],
    IN_SERVICE: ['FEEDBACK', 'COMPLETED'],
    FEEDBACK: ['COMPLETED'],
    COMPLETED: [],
    FAILED: [],
    RETRY: [],
  },
}

/** The nine states of the polling loop that the product grew from, as names for these. */
export const earlierNames: Readonly<Record<string, string>> = {
  IDLE: 'PENDING',
  POLLING_TELEMETRY: 'PENDING',
  ANALYZING_DATA: 'DATA_ANALYSIS',
  ASSESSING_URGENCY: 'URGENCY_ASSESSMENT',
  ENGAGING_CUSTOMER: 'CUSTOMER_ENGAGEMENT',
  SCHEDULING_SERVICE: 'SCHEDULING',
  AWAITING_SERVICE: 'SCHEDULED',
  COLLECTING_FEEDBACK: 'FEEDBACK',
  COMPLETED: 'COMPLETED',
}
