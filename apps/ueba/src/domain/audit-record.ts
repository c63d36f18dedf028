/** What the audit log keeps, after OCSF 1.8 (https://schema.ocsf.io/1.8.0). No personal data: actors, operations, ids. */
import { agent, type ueba, type workflow } from '@pitcrew/contracts'

export const ocsf = { authentication: 3002, apiActivity: 6003, detectionFinding: 2004, remediation: 7001 } as const

export type Outcome = 'success' | 'failure' | 'denied'

/** Before it has a number. `id` is that of its source event: one record per source event, however often delivered. */
export interface AuditEntry {
  id: string
  at: string
  classUid: (typeof ocsf)[keyof typeof ocsf]
  actor: string
  operation: string
  outcome: Outcome
  resource: string
  details: Record<string, string | number>
}

export function outcomeOf(outcome: agent.ActivityOutcome): Outcome {
  switch (outcome) {
    case agent.ActivityOutcome.DENIED:
      return 'denied'
    case agent.ActivityOutcome.FAILURE:
      return 'failure'
    case agent.ActivityOutcome.SUCCESS:
    case agent.ActivityOutcome.UNSPECIFIED:
      return 'success'
  }
}

/** An action of an agent; a refused identity is Authentication, everything else API Activity. */
export function entryOfActivity(activity: agent.Activity, at: string): AuditEntry {
  const authentication = activity.code === 'UNAUTHENTICATED' || activity.operation === 'authenticate'
  return {
    id: `activity:${activity.actor}:${activity.activityId}`,
    at: activity.at ?? at,
    classUid: authentication ? ocsf.authentication : ocsf.apiActivity,
    actor: activity.actor,
    operation: activity.operation,
    outcome: outcomeOf(activity.outcome),
    resource: activity.resource,
    details: {
      service: activity.service,
      code: activity.code,
      durationUs: activity.durationUs,
      requestBytes: activity.requestBytes,
      responseBytes: activity.responseBytes,
      traceId: activity.traceId,
      version: activity.version,
    },
  }
}

const failedTransitions = new Set(['task-failed', 'failed', 'timed-out'])

/** M5: a transition of a case. Its `detail` is left out, being free text. Undefined without a transition to speak of. */
export function entryOfTransition(
  { case: subject, transition }: workflow.CaseChanged,
  at: string,
): AuditEntry | undefined {
  if (subject === undefined || transition === undefined) return undefined
  return {
    id: `case:${subject.caseId}:${transition.number}`,
    at: transition.at ?? at,
    classUid: ocsf.apiActivity,
    actor: transition.agent || 'orchestrator',
    operation: `case.${transition.event}`,
    outcome: failedTransitions.has(transition.event) ? 'failure' : 'success',
    resource: subject.caseId,
    details: {
      vehicleId: subject.vehicleId,
      transition: transition.number,
      node: transition.node,
      phase: transition.phase,
      status: transition.status,
      traceId: subject.traceId,
    },
  }
}

export function entryOfFinding(finding: ueba.Finding): AuditEntry {
  return {
    id: `finding:${finding.findingId}`,
    at: finding.at!,
    classUid: ocsf.detectionFinding,
    actor: 'ueba',
    operation: `finding.${finding.rule}`,
    outcome: 'success',
    resource: finding.actor,
    details: {
      severity: finding.severity,
      score: finding.score,
      observed: finding.observed,
      expected: finding.expected,
    },
  }
}

/** A block or a release. The reason that a person typed is free text and stays out. */
export function entryOfRemediation(
  id: string,
  operation: 'block-agent' | 'release-agent',
  { actor, decidedBy, at }: { actor: string; decidedBy: string; at: string },
): AuditEntry {
  return {
    id,
    at,
    classUid: ocsf.remediation,
    actor: decidedBy,
    operation,
    outcome: 'success',
    resource: actor,
    details: {},
  }
}
