/**
 * Failures on the wire: the status of the one table for anyone's client, and the failure itself in the trailer for ours, so that
 * what the server threw is what the caller catches.
 */
import { Metadata, status, type ServiceError, type StatusObject } from '@grpc/grpc-js'
import {
  Cancelled,
  fromWire,
  Retryable,
  statusOf,
  Terminal,
  toWire,
  type Failure,
  type WireFailure,
} from '@pitcrew/errors'

const trailer = 'pitcrew-error-bin'
/** Trailers share HTTP/2's header limit of 16 KB, where the message stands twice. */
const longestMessage = 2_000

export function statusOfFailure(failure: Failure): Partial<StatusObject> & { cause: unknown } {
  const message = failure.message.slice(0, longestMessage)
  const metadata = new Metadata()
  metadata.set(trailer, Buffer.from(JSON.stringify({ ...toWire(failure), message })))
  return { code: statusOf(failure).grpc, details: message, metadata, cause: failure }
}

export function failureOfStatus(error: ServiceError): Failure {
  const carried = error.metadata?.get(trailer)[0]
  return (carried === undefined ? undefined : parse(carried)) ?? byStatus(error)
}

function parse(carried: string | Buffer): Failure | undefined {
  try {
    return fromWire(JSON.parse(carried.toString()) as WireFailure)
  } catch {
    return undefined // somebody else's trailer: the status says what there is to say
  }
}

/** What grpc itself answers, without any handler of ours having run. */
function byStatus({ code, details, message }: ServiceError): Failure {
  const said = details || message
  switch (code) {
    case status.CANCELLED:
      return new Cancelled('ABORTED', said)
    case status.DEADLINE_EXCEEDED:
      return new Retryable('DEADLINE_EXCEEDED', said)
    case status.UNAVAILABLE:
      return new Retryable('SERVICE_UNAVAILABLE', said, { hint: 'is the service running, and its address right?' })
    case status.UNIMPLEMENTED:
      return new Terminal('UNIMPLEMENTED', said, { hint: 'the two services are of different versions' })
    case status.RESOURCE_EXHAUSTED:
      return new Terminal('TOO_LARGE', said, { hint: 'a message may have 8 MB: ask for smaller pages' })
    case status.UNAUTHENTICATED:
      return new Terminal('UNAUTHENTICATED', said)
    case status.PERMISSION_DENIED:
      return new Terminal('FORBIDDEN', said)
    case status.NOT_FOUND:
      return new Terminal('NOT_FOUND', said)
    case status.INVALID_ARGUMENT:
    case status.FAILED_PRECONDITION:
    case status.OUT_OF_RANGE:
      return new Terminal('REFUSED', said)
    default:
      return new Retryable('INTERNAL', said)
  }
}
