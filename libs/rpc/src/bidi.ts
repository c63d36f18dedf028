import type { handleBidiStreamingCall, ServerDuplexStream } from '@grpc/grpc-js'
import { Retryable, toFailure } from '@pitcrew/errors'
import { serverCall, type CallContext } from './call.ts'
import { statusOfFailure } from './status.ts'
import { incoming, outgoing } from './stream-ends.ts'

type Handler<Req, Res> = (
  requests: AsyncIterable<Req>,
  send: (response: Res) => Promise<void>,
  call: CallContext,
) => Promise<void>

/**
 * A handler of a stream in each direction. `requests` ends when the client has no more, or when the server is to stop: the handler
 * answers what it has read and returns, and the client is then told to come again elsewhere. Await `send`: it waits while the
 * client is slower than we are. When the client goes away both throw Cancelled.
 */
export function bidi<Req, Res>(fn: Handler<Req, Res>): handleBidiStreamingCall<Req, Res> {
  return (call: ServerDuplexStream<Req, Res>) => {
    const context = serverCall(call)
    const requests = incoming<Req>(call)
    const responses = outgoing<Res>(call)
    context.signal.addEventListener('abort', () => {
      requests.fail(context.signal.reason)
      responses.fail(context.signal.reason)
    })
    const drain = () => requests.end()
    if (context.draining.aborted) drain()
    context.draining.addEventListener('abort', drain)

    const run = async () => {
      await fn(requests, responses.send, context)
      if (context.draining.aborted && !requests.ended) throw serverStopping()
    }
    run()
      .then(
        () => call.end(),
        (error: unknown) => call.emit('error', statusOfFailure(toFailure(error))),
      )
      .finally(() => context.draining.removeEventListener('abort', drain))
  }
}

function serverStopping(): Retryable {
  return new Retryable('SERVER_STOPPING', 'this instance stops: what it answered is done, send the rest again')
}
