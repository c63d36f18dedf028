import type { handleUnaryCall } from '@grpc/grpc-js'
import { toFailure } from '@pitcrew/errors'
import { serverCall, type CallContext } from './call.ts'
import { statusOfFailure } from './status.ts'

/** A handler of one request and one response. What it throws reaches our clients as the same Failure. */
export function unary<Req, Res>(fn: (request: Req, call: CallContext) => Promise<Res>): handleUnaryCall<Req, Res> {
  return (call, callback) => {
    const answer = async () => fn(call.request, serverCall(call))
    answer().then(
      (response) => callback(null, response),
      (error: unknown) => callback(statusOfFailure(toFailure(error))),
    )
  }
}
