/**
 * Owns: the deliveries that this instance has taken and not settled.
 * 1. A message in hand is never given to a handler a second time by a redelivery; the redelivery only tells where to settle.
 * 2. While in hand it is kept alive, so that a short ack wait (quick takeover after a crash) does not limit a handler.
 * 3. It is settled exactly once, or dropped: then nothing is said of it, and it comes again.
 * 4. A message is its sequence and the time at which the stream took it: a stream made again counts from 1 again.
 */
import type { NatsConnection } from '@nats-io/transport-node'
import { settle, type Arrival } from './arrival.ts'

export interface InHand {
  readonly size: number
  holds(arrival: Arrival): boolean
  /** False when the message was in hand already. */
  take(arrival: Arrival): boolean
  acknowledge(arrival: Arrival): void
  giveBack(arrival: Arrival, delayMs?: number): void
  refuse(arrival: Arrival, code: string): void
  dropAll(): void
  stop(): void
}

export function holdInHand(connection: NatsConnection, ackWaitMs: number): InHand {
  const latest = new Map<number, Arrival>()
  const open = () => !connection.isClosed()
  const heldAs = ({ sequence, storedAt }: Arrival) => {
    const current = latest.get(sequence)
    return current?.storedAt === storedAt ? current : undefined
  }
  const settleOnce = (arrival: Arrival, word: (latestArrival: Arrival) => void) => {
    const current = heldAs(arrival)
    if (current === undefined) return
    latest.delete(arrival.sequence)
    // With the connection closed there is nothing to say: the broker redelivers after the ack wait.
    if (open()) word(current)
  }
  const keepAlive = () => {
    if (open()) for (const arrival of latest.values()) settle.stillWorking(connection, arrival)
  }
  let timer: NodeJS.Timeout | undefined

  return {
    get size() {
      return latest.size
    },
    holds: (arrival) => heldAs(arrival) !== undefined,
    take(arrival) {
      timer ??= setInterval(keepAlive, ackWaitMs / 3)
      const known = heldAs(arrival) !== undefined
      latest.set(arrival.sequence, arrival)
      return !known
    },
    acknowledge: (arrival) => settleOnce(arrival, (current) => settle.acknowledge(connection, current)),
    giveBack: (arrival, delayMs) => settleOnce(arrival, (current) => settle.giveBack(connection, current, delayMs)),
    refuse: (arrival, code) => settleOnce(arrival, (current) => settle.refuse(connection, current, code)),
    dropAll: () => latest.clear(),
    stop: () => clearInterval(timer),
  }
}
