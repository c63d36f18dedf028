/** Errors of the NATS client as failures of ours. */
import { errors } from '@nats-io/transport-node'
import { Cancelled, Retryable, Terminal, toFailure, type Failure } from '@pitcrew/errors'

export function brokerFailure(thrown: unknown, subject: string): Failure {
  const options = { cause: thrown, details: { subject } }
  if (isNoResponders(thrown)) {
    return new Retryable('NO_RESPONDERS', `nobody answers on ${subject}`, {
      ...options,
      hint: 'is the service or the stream behind it up?',
    })
  }
  if (thrown instanceof errors.TimeoutError) {
    return new Retryable('DEADLINE_EXCEEDED', `no answer on ${subject} in time`, options)
  }
  if (isForbidden(thrown)) {
    return new Terminal('FORBIDDEN', `this identity may not use ${subject}`, {
      ...options,
      hint: 'the service is not a producer or consumer of it in the pipeline, or UEBA narrowed it',
    })
  }
  if (thrown instanceof errors.AuthorizationError || thrown instanceof errors.UserAuthenticationExpiredError) {
    return new Terminal('UNAUTHENTICATED', 'the broker refused the credentials', {
      ...options,
      hint: 'check the service’s nkey, user or password',
    })
  }
  if (thrown instanceof errors.DrainingConnectionError || thrown instanceof errors.ClosedConnectionError) {
    return new Cancelled('CONNECTION_CLOSED', 'the connection to the broker is closed', options)
  }
  if (thrown instanceof errors.RequestError || thrown instanceof errors.ConnectionError) {
    return new Retryable('BROKER_UNAVAILABLE', 'the broker cannot be reached', options)
  }
  return toFailure(thrown)
}

/** The client wraps it when it meets a request that waits. */
function isForbidden(thrown: unknown): boolean {
  if (thrown instanceof errors.PermissionViolationError) return true
  return thrown instanceof errors.RequestError && thrown.cause instanceof errors.PermissionViolationError
}

function isNoResponders(thrown: unknown): boolean {
  if (thrown instanceof errors.NoRespondersError) return true
  return thrown instanceof errors.RequestError && thrown.isNoResponders()
}

/** JetStream's own `error` of an API answer: https://docs.nats.io/reference/reference-protocols/nats_api_reference */
export interface ApiRefusal {
  code: number
  err_code: number
  description: string
}

const wrongLastSequence = [10071, 10164]
/** Says 500, but no repetition helps: the update asks for what cannot be changed. */
const updateRefused = 10052

export function refusalFailure({ code, err_code, description }: ApiRefusal, subject: string): Failure {
  const options = { details: { subject, err_code } }
  if (wrongLastSequence.includes(err_code)) return new Terminal('WRONG_LAST_SEQUENCE', description, options)
  if (code === 404) return new Terminal('NOT_FOUND', `${description}: ${subject}`, options)
  if (code >= 500 && err_code !== updateRefused) return new Retryable('BROKER_UNAVAILABLE', description, options)
  return new Terminal('BROKER_REFUSED', `${description} (${err_code}) on ${subject}`, options)
}
