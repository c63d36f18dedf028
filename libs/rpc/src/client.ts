import {
  credentials,
  Metadata,
  type Client,
  type ClientDuplexStream,
  type MethodDefinition,
  type ServiceError,
} from '@grpc/grpc-js'
import { context, SpanKind, trace, type Span } from '@opentelemetry/api'
import { toFailure } from '@pitcrew/errors'
import { injectTrace, inSpan, markFailed, type Telemetry } from '@pitcrew/observability'
import { clientOptions } from './channel.ts'
import type { BidiCall, CallOptions, ClientConstructor, RpcClient } from './client-types.ts'
import { partsOf, type Tls } from './service.ts'
import { failureOfStatus } from './status.ts'
import { incoming, outgoing } from './stream-ends.ts'

export interface ConnectOptions {
  telemetry: Telemetry
  /** Of each unary call, milliseconds; default 5 s. */
  deadlineMs?: number
  tls?: Tls
}

type Method = MethodDefinition<unknown, unknown>

interface Channel {
  client: Client
  telemetry: Telemetry
  deadlineMs: number
}

/** A client for a generated service. The connection is made with the first call, and again whenever it broke. */
export function connectRpc<S extends object>(
  constructor: ClientConstructor<S>,
  address: string,
  { telemetry, deadlineMs = 5_000, tls }: ConnectOptions,
): RpcClient<S> {
  const secure = tls === undefined ? credentials.createInsecure() : credentials.createSsl(tls.ca, tls.key, tls.cert)
  const client = new constructor(address, secure, clientOptions)
  const channel: Channel = { client, telemetry, deadlineMs }
  const methods = Object.entries<Method>(constructor.service as Record<string, Method>).map(([name, method]) => [
    name,
    method.requestStream ? (options?: CallOptions) => openBidi(channel, method, options) : unaryOf(channel, method),
  ])
  return { ...Object.fromEntries(methods), close: () => client.close() } as RpcClient<S>
}

function spanOptions({ path }: Method) {
  const { service, method } = partsOf(path)
  return { kind: SpanKind.CLIENT, attributes: { 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': method } }
}

function unaryOf(channel: Channel, method: Method) {
  return (request: unknown, options: CallOptions = {}) =>
    inSpan(channel.telemetry, method.path.slice(1), spanOptions(method), () =>
      callOnce(channel, method, request, options),
    )
}

function callOnce(
  { client, deadlineMs }: Channel,
  method: Method,
  request: unknown,
  { signal, ...options }: CallOptions,
) {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  if (signal?.aborted) return Promise.reject(toFailure(signal.reason))
  const call = client.makeUnaryRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    request,
    metadataOf(options),
    { deadline: Date.now() + (options.deadlineMs ?? deadlineMs) },
    (error, response) => (error ? reject(failureOfStatus(error)) : resolve(response)),
  )
  const cancel = () => call.cancel()
  signal?.addEventListener('abort', cancel)
  return promise.finally(() => signal?.removeEventListener('abort', cancel))
}

function openBidi(
  { client, telemetry }: Channel,
  method: Method,
  options: CallOptions = {},
): BidiCall<unknown, unknown> {
  const { kind, attributes } = spanOptions(method)
  const span = telemetry.tracer.startSpan(method.path.slice(1), { kind, attributes })
  const call = context.with(trace.setSpan(context.active(), span), () =>
    client.makeBidiStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      metadataOf(options),
      options.deadlineMs === undefined ? {} : { deadline: Date.now() + options.deadlineMs },
    ),
  )
  return bothEnds(call, span, options.signal)
}

function bothEnds(
  call: ClientDuplexStream<unknown, unknown>,
  span: Span,
  signal: AbortSignal | undefined,
): BidiCall<unknown, unknown> {
  const responses = incoming(call)
  const requests = outgoing(call)
  const cancel = () => call.cancel()
  if (signal?.aborted) cancel()
  signal?.addEventListener('abort', cancel)
  call.on('error', (error: ServiceError) => {
    const failure = failureOfStatus(error)
    markFailed(span, failure)
    responses.fail(failure)
    requests.fail(failure)
  })
  call.on('status', () => {
    signal?.removeEventListener('abort', cancel)
    span.end()
  })
  return { send: requests.send, end: () => call.end(), responses, cancel }
}

function metadataOf({ metadata: given = {} }: CallOptions): Metadata {
  const metadata = new Metadata()
  for (const [key, value] of Object.entries(given)) metadata.set(key, value)
  injectTrace({ set: (key, value) => metadata.set(key, value) })
  return metadata
}
