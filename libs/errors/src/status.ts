/**
 * The one table from error codes to gRPC and HTTP statuses. A code that is not listed falls back to its kind:
 * terminal is the caller's fault (INVALID_ARGUMENT / 400), retryable ours (UNAVAILABLE / 503).
 */
import type { Failure } from './errors.ts'

/** Numbers of https://grpc.io/docs/guides/status-codes/ */
export interface Status {
  grpc: number
  http: number
}

const byCode: Record<string, Status> = {
  NOT_FOUND: { grpc: 5, http: 404 },
  UNKNOWN_DEFINITION: { grpc: 5, http: 404 },
  UNKNOWN_TEMPLATE: { grpc: 5, http: 404 },
  MIGRATION_REFUSED: { grpc: 9, http: 409 },
  NO_CHECKPOINT: { grpc: 9, http: 409 },
  NOT_AWAITED: { grpc: 9, http: 409 },
  PAYLOAD_TOO_LARGE: { grpc: 8, http: 413 },
  ALREADY_EXISTS: { grpc: 6, http: 409 },
  CONFLICT: { grpc: 10, http: 409 },
  SLOT_TAKEN: { grpc: 10, http: 409 },
  ILLEGAL_TRANSITION: { grpc: 9, http: 409 },
  FORBIDDEN: { grpc: 7, http: 403 },
  BLOCKED: { grpc: 7, http: 403 },
  UNAUTHENTICATED: { grpc: 16, http: 401 },
  TOO_LARGE: { grpc: 8, http: 413 },
  UNSUPPORTED_MEDIA_TYPE: { grpc: 3, http: 415 },
  UNSUPPORTED_ENCODING: { grpc: 3, http: 415 },
  RATE_LIMITED: { grpc: 8, http: 429 },
  DEADLINE_EXCEEDED: { grpc: 4, http: 504 },
  GONE: { grpc: 9, http: 410 },
  INTERNAL: { grpc: 13, http: 500 },
}

const byKind: Record<Failure['kind'], Status> = {
  terminal: { grpc: 3, http: 400 },
  retryable: { grpc: 14, http: 503 },
  cancelled: { grpc: 1, http: 499 },
}

export function statusOf(failure: Pick<Failure, 'kind' | 'code'>): Status {
  return byCode[failure.code] ?? byKind[failure.kind]
}
