/**
 * The one way in for frames, whichever door they came through. Invariants:
 * 1. An answer is given only when everything it counts is acknowledged by JetStream.
 * 2. What is refused is durable before what is accepted: a request that fails in between is sent again whole, and
 *    its frames are then recognised by their identity.
 * 3. A frame is remembered as seen only after its acknowledgement.
 */
import { events, telemetryPartitions, type telemetry } from '@pitcrew/contracts'
import { Retryable, toFailure } from '@pitcrew/errors'
import { partitionOf, type Messaging } from '@pitcrew/messaging'
import type { FrameLimits } from '../domain/frame-limits.ts'
import { recentFrames } from '../domain/recent-frames.ts'
import { sortBatch, type FrameToPublish } from '../domain/sort-batch.ts'
import type { IngestMetrics } from '../metrics.ts'
import type { InFlight } from './in-flight.ts'
import type { QuarantineStore } from './ports.ts'

export type Door = 'http' | 'grpc' | 'grpc-stream' | 'poll'

export interface Intake {
  /** Throws Retryable OVERLOADED or BROKER_UNAVAILABLE; then nothing was reported as accepted. */
  accept(door: Door, frames: readonly telemetry.RawFrame[]): Promise<telemetry.PublishResponse>
  /** The same, but waits for room instead of refusing. */
  acceptWhenRoom(
    door: Door,
    frames: readonly telemetry.RawFrame[],
    signal?: AbortSignal,
  ): Promise<telemetry.PublishResponse>
}

export interface IntakeParts {
  messaging: Pick<Messaging, 'publishMany'>
  quarantine: Pick<QuarantineStore, 'keep'>
  inFlight: InFlight
  metrics: IngestMetrics
  limits: FrameLimits
  /** A sender hears that the broker is away at the latest after this, milliseconds. */
  durableWithinMs: number
  now: () => number
}

export function createIntake(parts: IntakeParts): Intake {
  const { messaging, quarantine, inFlight, metrics, limits, durableWithinMs, now } = parts
  const recent = recentFrames()

  async function publish(raws: readonly telemetry.RawFrame[]): Promise<telemetry.PublishResponse> {
    const batch = sortBatch(raws, now(), limits, recent.has)
    const { frames, refusals, quarantinedReadings } = batch
    if (batch.quarantine.length > 0) {
      await messaging.publishMany(events.readingQuarantined, batch.quarantine)
      await quarantine.keep(batch.quarantine)
    }
    const acks = frames.length > 0 ? await messaging.publishMany(events.frameReceived, frames.map(keyed)) : []
    for (const { message, id } of frames) recent.add(message.vehicleId, id)
    const fresh = frames.filter((_, i) => !acks[i]!.duplicate)
    return {
      acceptedFrames: fresh.length,
      acceptedReadings: fresh.reduce((sum, { message }) => sum + message.readings.length, 0),
      quarantinedReadings,
      duplicateFrames: batch.duplicateFrames + frames.length - fresh.length,
      refusals,
    }
  }

  async function take(door: Door, raws: readonly telemetry.RawFrame[]): Promise<telemetry.PublishResponse> {
    // What still waits for the broker keeps its room, also when the sender has had its answer.
    const work = publish(raws).finally(() => inFlight.leave(raws.length))
    try {
      const answer = await within(work, durableWithinMs)
      metrics.taken(door, answer)
      return answer
    } catch (thrown) {
      metrics.failed(door, raws.length)
      throw unavailable(thrown)
    }
  }

  return {
    async accept(door, frames) {
      inFlight.enter(frames.length)
      return take(door, frames)
    },
    async acceptWhenRoom(door, frames, signal) {
      await inFlight.waitToEnter(frames.length, signal)
      return take(door, frames)
    },
  }
}

/** A vehicle's frames stay together, where whoever holds the partition keeps its state. */
function keyed({ message, id }: FrameToPublish) {
  const { vehicleId } = message
  return { key: [String(partitionOf(vehicleId, telemetryPartitions)), vehicleId], message, id }
}

/** `work` goes on when the time is over; its end is then of no interest. */
async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  const over = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => over.reject(new Retryable('BROKER_UNAVAILABLE', `no acknowledgement within ${ms} ms`)),
    ms,
  )
  try {
    return await Promise.race([work, over.promise])
  } finally {
    clearTimeout(timer)
    work.catch(() => undefined)
  }
}

/** Whatever stands between us and durability, the sender's part is the same: keep the frames and send them again. */
function unavailable(thrown: unknown): Error {
  const failure = toFailure(thrown)
  // Nobody but us can have cancelled a publication: to the sender that is a broker that is away.
  if (failure.kind === 'terminal' || failure.code.startsWith('DATABASE')) return failure
  return new Retryable('BROKER_UNAVAILABLE', `the frames could not be made durable: ${failure.message}`, {
    afterMs: (failure.kind === 'retryable' ? failure.afterMs : undefined) ?? 2_000,
    hint: 'keep the frames and send the same request again after the time given; none is counted twice',
    cause: thrown,
  })
}
