/**
 * C1: one node at work. A long text is read on a thread of its own, so that the process that leads the workflow goes on with
 * the others meanwhile; a short one is done before a thread has started.
 */
import { Worker } from 'node:worker_threads'
import { Cancelled, Retryable } from '@pitcrew/errors'
import type { Look } from '../text/passage.ts'
import type { Analysis, NodeName } from './analysis.ts'
import { nodes } from './nodes.ts'

/** Characters that are read in a few milliseconds. */
const longText = 100_000
const memoryMb = 512

export interface Reading {
  node: NodeName
  look: Look
}

/** @throws Retryable READING_FAILED; Cancelled when nobody waits any more */
export function analyse(node: NodeName, look: Look, signal?: AbortSignal): Analysis | Promise<Analysis> {
  return look.text.length < longText ? nodes[node](look) : onThread({ node, look }, signal)
}

function onThread(reading: Reading, signal: AbortSignal | undefined): Promise<Analysis> {
  const { promise, resolve, reject } = Promise.withResolvers<Analysis>()
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: reading,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  })
  const stop = (): void => {
    reject(new Cancelled('CANCELLED', 'nobody waits for this analysis any more'))
    void worker.terminate()
  }
  if (signal?.aborted) stop()
  signal?.addEventListener('abort', stop)
  worker.once('message', resolve)
  worker.once('error', (cause) => reject(failed(reading, (cause as Error).message, cause)))
  worker.once('exit', (code) => {
    signal?.removeEventListener('abort', stop)
    // After an answer or an error this changes nothing.
    reject(failed(reading, `its thread ended with code ${code}`))
  })
  return promise
}

const failed = ({ node }: Reading, message: string, cause?: unknown): Retryable =>
  new Retryable('READING_FAILED', `${node}: ${message}`, { cause })
