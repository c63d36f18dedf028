/**
 * A labelled synthetic corpus: 75 minutes of ordinary work of three services with four agents each, case load rising and
 * falling, and agents that begin to misbehave after the first hour. Deterministic for a seed.
 */
import { agent, capabilities, type ServiceName } from '@pitcrew/contracts'

export type Misbehaviour = 'probing' | 'denied' | 'exfiltrating' | 'runaway'

export interface Labelled {
  activity: agent.Activity
  /** Ms since the epoch. */
  at: number
  misbehaviour?: Misbehaviour
}

export interface CorpusOptions {
  startMs: number
  seed: number
  misbehaving: Partial<Record<string, Misbehaviour>>
}

const minuteMs = 60_000
const length = 75
const onset = 60
const services: ServiceName[] = ['data-analysis', 'scheduling', 'customer-engagement']

/** Mulberry32: 32-bit state, uniform on [0, 1). */
function uniform(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export function corpus({ startMs, seed, misbehaving }: CorpusOptions): Labelled[] {
  const random = uniform(seed)
  const events: Labelled[] = []
  const work = (
    actor: string,
    service: ServiceName,
    at: number,
    change: Partial<agent.Activity> = {},
    label?: Misbehaviour,
  ) => {
    const own = Object.values(capabilities).filter((capability) => capability.service === service)
    const failed = random() < 0.02
    const activity = agent.Activity.fromPartial({
      activityId: `${actor}/${events.length}`,
      actor,
      service,
      at: new Date(at).toISOString(),
      operation: own[Math.floor(random() * own.length)]!.name,
      outcome: failed ? agent.ActivityOutcome.FAILURE : agent.ActivityOutcome.SUCCESS,
      // Skewed, as durations and sizes are.
      durationUs: Math.round(8000 * Math.exp(random() + random() + random())),
      requestBytes: Math.round(300 + random() * 300),
      responseBytes: Math.round(400 * Math.exp(random() * 1.5)),
      resource: `case-${Math.floor(random() * 50)}`,
      version: '1.0.0',
      ...change,
    })
    events.push({ activity, at, misbehaviour: label })
  }
  for (let minute = 0; minute < length; minute++) {
    // Load swings by a factor of four over the corpus, for all alike.
    const load = 3 + 3 * (1 + Math.sin((minute / length) * 4 * Math.PI)) + random()
    for (const service of services) {
      for (const instance of ['a', 'b', 'c', 'd']) {
        const actor = `${service}.${instance}`
        const tasks = Math.max(1, Math.round(load * (0.7 + random() * 0.6)))
        const at = () => startMs + (minute + random()) * minuteMs
        for (let n = 0; n < tasks; n++) work(actor, service, at())
        const label = misbehaving[actor]
        if (label !== undefined && minute >= onset)
          misbehave(label, (change) => work(actor, service, at(), change, label))
      }
    }
  }
  return events.sort((x, y) => x.at - y.at)
}

function misbehave(label: Misbehaviour, work: (change: Partial<agent.Activity>) => void): void {
  switch (label) {
    case 'probing':
      return work({ operation: '/pitcrew.ueba.v1.UebaService/ReleaseAgent' })
    case 'denied':
      for (let n = 0; n < 12; n++) work({ outcome: agent.ActivityOutcome.DENIED, code: 'FORBIDDEN' })
      return
    case 'exfiltrating':
      for (let n = 0; n < 30; n++) work({ responseBytes: 40_000_000 })
      return
    case 'runaway':
      for (let n = 0; n < 700; n++) work({})
  }
}
