import { Cancelled, Retryable, Terminal, type Failure } from './errors.ts'

/** A failure as it travels in messages and stands in logs. */
export interface WireFailure {
  kind: Failure['kind']
  code: string
  message: string
  hint?: string
  afterMs?: number
}

export function toWire(failure: Failure): WireFailure {
  const wire: WireFailure = { kind: failure.kind, code: failure.code, message: failure.message }
  if (failure.hint !== undefined) wire.hint = failure.hint
  if (failure.kind === 'retryable' && failure.afterMs !== undefined) wire.afterMs = failure.afterMs
  return wire
}

export function fromWire(wire: WireFailure): Failure {
  const { code, message, hint } = wire
  switch (wire.kind) {
    case 'terminal':
      return new Terminal(code, message, { hint })
    case 'retryable':
      return new Retryable(code, message, { hint, afterMs: wire.afterMs })
    case 'cancelled':
      return new Cancelled(code, message, { hint })
  }
}
