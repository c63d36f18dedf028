/** Runs a handler once and says how it ended. Never rejects: failing is one of the outcomes. */
import { Retryable, Terminal, toFailure } from '@pitcrew/errors'
import type { JobHandler } from './handler.ts'
import type { RunningJob } from './running-job.ts'
import type { Ending } from './transition.ts'

const mostResultBytes = 256 * 1024

/**
 * A handler that has not ended when it is told to stop counts as ended then, whether or not it heeds its signal; what it does
 * later is not recorded.
 */
export async function attempt(handler: JobHandler, job: RunningJob): Promise<Ending> {
  const { spec, signal, stage, logger } = job
  const late = () =>
    job.abort(new Retryable('DEADLINE_EXCEEDED', `${spec.kind} was not done within ${spec.timeoutMs} ms`))
  const timer = setTimeout(late, spec.timeoutMs)
  const context = {
    id: spec.id,
    attempt: stage.attempt,
    scope: spec.scope,
    runOf: spec.runOf,
    signal,
    logger,
    progress: (percent: number, note?: string) => job.progress(percent, note),
  }
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort)
  try {
    signal.throwIfAborted()
    const result = await Promise.race([handler.invoke(spec.payload, context), aborted.promise])
    return { result: jsonOf(spec.kind, result) }
  } catch (thrown) {
    // A handler that noticed the abort says so in its own words; the reason is ours.
    const failure = toFailure(signal.aborted ? signal.reason : thrown)
    if (failure.kind !== 'cancelled') return { failure }
    return failure.code === 'WORKER_STOPPING' ? { givenBack: true } : { cancelled: failure.message }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

function jsonOf(kind: string, result: unknown): unknown {
  const text = result === undefined ? 'null' : JSON.stringify(result)
  if (text === undefined || Buffer.byteLength(text) > mostResultBytes) {
    throw new Terminal('BAD_RESULT', `the result of ${kind} is no JSON of at most ${mostResultBytes} bytes`, {
      hint: 'store it and give back where it is',
    })
  }
  return JSON.parse(text)
}
