/** What is remembered of behaviour. Plain JSON: a snapshot of it survives a restart. Times are ms since the epoch. */
import type { Outcome } from './audit-record.ts'
import { emptyEstimate, type Estimate } from './estimate.ts'

export interface Minute {
  start: number
  count: number
}

/** One finding as the risk remembers it. */
export interface Scored {
  findingId: string
  at: number
  score: number
}

export interface Profile {
  actor: string
  service: string
  version: string
  activities: number
  failures: number
  lastSeen: number
  minute: Minute
  /** Activities in minutes in which there was one. */
  rate: Estimate
  /** Of the last minute, oldest first. */
  outcomes: { at: number; outcome: Outcome }[]
  /** Consecutive unusual values by "latency <operation>" and "bytes <operation>". */
  streaks: Record<string, number>
  /** What was suspected already, by rule and operation: when, and how bad it must get to be said again. */
  suspected: Record<string, { since: number; times: number; next: number }>
  findings: Scored[]
}

/**
 * Of all agents of a service that run one version: a new version may be slower or larger by design, and warms up before it
 * judges, also while it is rolled out beside the old one.
 */
export interface Baseline {
  service: string
  version: string
  activities: number
  /** Share of failures, 0 to 1, exponentially weighted. */
  failureShare: number
  latency: Record<string, Estimate>
  bytes: Record<string, Estimate>
}

/** Of the whole platform: load that everybody feels is nobody's anomaly. */
export interface Platform {
  minute: Minute
  rate: Estimate
}

export function newProfile(actor: string, service: string): Profile {
  return {
    actor,
    service,
    version: '',
    activities: 0,
    failures: 0,
    lastSeen: 0,
    minute: { start: 0, count: 0 },
    rate: emptyEstimate(),
    outcomes: [],
    streaks: {},
    suspected: {},
    findings: [],
  }
}

export function newBaseline(service: string, version: string): Baseline {
  return { service, version, activities: 0, failureShare: 0, latency: {}, bytes: {} }
}

export function baselineKey({ service, version }: { service: string; version: string }): string {
  return `${service}@${version}`
}

export function newPlatform(): Platform {
  return { minute: { start: 0, count: 0 }, rate: emptyEstimate() }
}
