/**
 * The one way in for frames, whichever door they came through. Invariants:
 * 1. An answer is given only when everything it counts is acknowledged by JetStream.
 * 2. What is refused is durable before what is accepted: a request that fails in between is sent again whole, and
 *    its frames are then recognised by their identity.
 * 3. A frame is remembered as seen, and what it says of its vehicle counts, only after its acknowledgement.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { events, telemetry, telemetryPartitions, type EventType } from '@pitcrew/contracts'
import { Cancelled, Retryable, toFailure } from '@pitcrew/errors'
import { partitionOf, type Messaging } from '@pitcrew/messaging'
import type { RateLimits } from '../domain/devices/rate-limits.ts'
import { maySpeakFor, platform, type Sender } from '../domain/devices/sender.ts'
import type { FrameLimits } from '../domain/frame-limits.ts'
import { recentFrames } from '../domain/recent-frames.ts'
import { sortBatch, type FrameToPublish, type SortedBatch } from '../domain/sort-batch.ts'
import { vehicleTracks } from '../domain/vehicle-tracks.ts'
import type { IngestMetrics } from '../metrics.ts'
import type { InFlight } from './in-flight.ts'
import type { QuarantineStore } from './quarantine/ports.ts'

export type Door = 'http' | 'grpc' | 'grpc-stream' | 'mqtt' | 'poll'

export interface Intake {
  /** Throws Retryable OVERLOADED, RATE_LIMITED or BROKER_UNAVAILABLE; then nothing was reported as accepted. */
  accept(door: Door, frames: readonly telemetry.RawFrame[], sender?: Sender): Promise<telemetry.PublishResponse>
  /** The same, but waits for room, and for the sender's rate, instead of refusing. */
  acceptWhenRoom(
    door: Door,
    frames: readonly telemetry.RawFrame[],
    signal?: AbortSignal,
    sender?: Sender,
  ): Promise<telemetry.PublishResponse>
  /** The same in two steps: resolves when there was room, with the answer to come. */
  beginWhenRoom(
    door: Door,
    frames: readonly telemetry.RawFrame[],
    signal?: AbortSignal,
    sender?: Sender,
  ): Promise<{ answer: Promise<telemetry.PublishResponse> }>
}

export interface IntakeParts {
  messaging: Pick<Messaging, 'publishMany'>
  quarantine: Pick<QuarantineStore, 'keep'>
  inFlight: InFlight
  rates: RateLimits
  metrics: IngestMetrics
  limits: FrameLimits
  /** A sender hears that the broker is away at the latest after this, milliseconds. */
  durableWithinMs: number
  now: () => number
}

interface Taken {
  answer: telemetry.PublishResponse
  reasons: SortedBatch['reasons']
}

export function createIntake(parts: IntakeParts): Intake {
  const { messaging, quarantine, inFlight, rates, metrics, limits, durableWithinMs, now } = parts
  const recent = recentFrames()
  const vehicles = vehicleTracks()

  async function publish(raws: readonly telemetry.RawFrame[], sender: Sender): Promise<Taken> {
    const tracks = vehicles.begin()
    const allowed = (vehicleId: string) => maySpeakFor(sender, vehicleId)
    const batch = sortBatch(raws, { now: now(), limits, seen: recent.has, tracks, maySpeakFor: allowed })
    const { frames } = batch
    if (batch.quarantine.length > 0) {
      await messaging.publishMany(events.readingQuarantined, batch.quarantine)
      await quarantine.keep(batch.quarantine)
    }
    const acks = frames.length > 0 ? await messaging.publishMany(encodedFrames, frames.map(keyed)) : []
    for (const { message, id } of frames) recent.add(message.vehicleId, id)
    tracks.commit()
    return { answer: answerOf(batch, (i) => !acks[i]!.duplicate), reasons: batch.reasons }
  }

  async function take(door: Door, raws: readonly telemetry.RawFrame[], sender: Sender) {
    // What still waits for the broker keeps its room, also when the sender has had its answer.
    const work = publish(raws, sender).finally(() => inFlight.leave(raws.length))
    try {
      const { answer, reasons } = await within(work, durableWithinMs)
      metrics.taken(door, answer, reasons)
      return answer
    } catch (thrown) {
      metrics.failed(door, raws.length)
      throw unavailable(thrown)
    }
  }

  async function beginWhenRoom(
    door: Door,
    frames: readonly telemetry.RawFrame[],
    signal?: AbortSignal,
    sender: Sender = platform,
  ) {
    for (;;) {
      const waitMs = rates.take(sender, frames, now())
      if (waitMs === 0) break
      metrics.limited(door, 0)
      await paced(waitMs, signal)
    }
    await inFlight.waitToEnter(frames.length, signal)
    return { answer: take(door, frames, sender) }
  }

  return {
    beginWhenRoom,
    async accept(door, frames, sender = platform) {
      // Who finds no room has used up nothing of its rate.
      inFlight.enter(frames.length)
      const waitMs = rates.take(sender, frames, now())
      if (waitMs > 0) {
        inFlight.leave(frames.length)
        metrics.limited(door, frames.length)
        throw tooFast(waitMs)
      }
      return take(door, frames, sender)
    },
    acceptWhenRoom: async (...given) => (await beginWhenRoom(...given)).answer,
  }
}

function answerOf(batch: SortedBatch, isFresh: (index: number) => boolean): telemetry.PublishResponse {
  const answer: telemetry.PublishResponse = {
    acceptedFrames: 0,
    acceptedReadings: 0,
    quarantinedReadings: batch.quarantinedReadings,
    duplicateFrames: batch.duplicateFrames,
    refusals: batch.refusals,
    lateFrames: 0,
    outOfOrderFrames: 0,
    partialFrames: 0,
    refusedFrames: batch.refusedFrames,
  }
  batch.frames.forEach(({ message, late, outOfOrder, partial }, i) => {
    if (!isFresh(i)) {
      answer.duplicateFrames += 1
      return
    }
    answer.acceptedFrames += 1
    answer.acceptedReadings += message.readings.length
    answer.lateFrames += Number(late)
    answer.outOfOrderFrames += Number(outOfOrder)
    answer.partialFrames += Number(partial)
  })
  return answer
}

const partitions = Array.from({ length: telemetryPartitions }, (_, partition) => String(partition))

/** A vehicle's frames stay together, where whoever holds the partition keeps its state. */
function keyed({ message: { vehicleId }, bytes, id }: FrameToPublish) {
  return { key: [partitions[partitionOf(vehicleId, telemetryPartitions)]!, vehicleId], message: bytes, id }
}

const nothing = telemetry.Frame.create()

/** The same event for frames that are encoded already: their identity is of their bytes. */
const encodedFrames: EventType<Uint8Array> = {
  ...events.frameReceived,
  codec: {
    encode: (bytes) => telemetry.Frame.encode(nothing).raw(bytes),
    decode: () => notRead(),
    fromJSON: () => notRead(),
    toJSON: () => notRead(),
    fromPartial: () => notRead(),
  },
}

function notRead(): never {
  throw new TypeError('frames are only written here')
}

const longestPauseMs = 1_000

async function paced(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await pause(Math.min(waitMs, longestPauseMs), undefined, { signal })
  } catch (cause) {
    throw new Cancelled('ABORTED', 'the caller went away while its frames waited for their turn', { cause })
  }
}

const tooFast = (afterMs: number) =>
  new Retryable('RATE_LIMITED', 'frames of one vehicle come faster than they are taken', {
    afterMs,
    hint: 'send the same request again after the time given, and less often; a stream is slowed down by itself',
  })

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
