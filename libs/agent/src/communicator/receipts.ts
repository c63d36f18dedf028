/**
 * Who waits to hear what became of a handoff. An answer may come before anybody asks for it, or after nobody does any more.
 */
import { Retryable, type Failure } from '@pitcrew/errors'
import type { Json } from '../json.ts'
import type { Message } from './message.ts'

type Answer = { body: Json } | { failure: Failure }

interface Expected {
  answer: Promise<Answer>
  settle: (answer: Answer) => void
}

/** Handoffs whose sender never asks what became of them are forgotten, oldest first. */
const mostExpected = 1_000

export class Receipts {
  readonly #expected = new Map<string, Expected>()

  expect(id: string): void {
    const { promise, resolve } = Promise.withResolvers<Answer>()
    this.#expected.set(id, { answer: promise, settle: resolve })
    for (const oldest of this.#expected.keys()) {
      if (this.#expected.size <= mostExpected) break
      this.#expected.delete(oldest)
    }
  }

  /** False when nobody waits for it. */
  settle(message: Message): boolean {
    const expected = this.#expected.get(message.correlation)
    if (expected === undefined) return false
    if (message.kind === 'error') expected.settle({ failure: message.failure })
    else if (message.kind === 'response') expected.settle({ body: message.body })
    else return false
    return true
  }

  /** Rejects with the receiver's failure, or Retryable NOT_ACKNOWLEDGED. */
  async of(message: Message, timeoutMs: number): Promise<Json> {
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(notAcknowledged(message, timeoutMs)), timeoutMs)
    try {
      const answer = await Promise.race([this.#expected.get(message.id)?.answer ?? late.promise, late.promise])
      this.#expected.delete(message.id)
      if ('failure' in answer) throw answer.failure
      return answer.body
    } finally {
      clearTimeout(timer)
    }
  }
}

const notAcknowledged = ({ id, to, expiresAt }: Message, timeoutMs: number) =>
  new Retryable('NOT_ACKNOWLEDGED', `${to} has not taken over handoff ${id} within ${timeoutMs} ms`, {
    details: { id, to, expiresAt },
    hint: `it is stored, and may still be taken over until ${expiresAt}`,
  })
