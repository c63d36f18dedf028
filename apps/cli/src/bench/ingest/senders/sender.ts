import type { telemetry } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import type { ContenderName } from '../contenders.ts'
import type { Turn } from '../frames.ts'

/** Sends the frames of a turn through one door. Everything is encoded before the clock runs. */
export interface Sender {
  prepare(turn: Turn): Promise<void>
  /** Resolves when every frame is acknowledged, with how many that were. */
  send(): Promise<number>
  close(): Promise<void>
}

export interface SenderSetup {
  contender: ContenderName
  natsUrl: string
  httpUrl: string
  grpcAddress: string
  mqttUrl: string
}

/** Runs `work` over the items, at most so many at a time; resolves with the sum of what each gave. */
export async function pipelined<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<number>,
): Promise<number> {
  let next = 0
  let sum = 0
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const given = await work(items[next++]!)
      sum += given
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane))
  return sum
}

/** @throws Terminal BENCH_REFUSED when anything of it was not taken: it is all good */
export function acceptedOf({ acceptedFrames, refusals }: telemetry.PublishResponse): number {
  const [first] = refusals
  if (first === undefined) return acceptedFrames
  throw new Terminal('BENCH_REFUSED', `ingest refused what is good: ${first.code}, ${first.name}: ${first.message}`)
}
