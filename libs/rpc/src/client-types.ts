import type { ChannelCredentials, Client, ClientOptions } from '@grpc/grpc-js'

export interface CallOptions {
  /** Milliseconds from now. Streams have none unless it is given here. */
  deadlineMs?: number
  signal?: AbortSignal
  /** Sent with the call, as headers are with HTTP. */
  metadata?: Record<string, string>
}

/** A stream in each direction, from the client's side. */
export interface BidiCall<Req, Res> {
  /** Resolves when the next one may be sent; rejects with the Failure that ended the call. */
  send(request: Req): Promise<void>
  /** No more requests. */
  end(): void
  readonly responses: AsyncIterable<Res>
  cancel(): void
}

interface MethodShape {
  path: string
  requestStream: boolean
  responseStream: boolean
  requestSerialize: (value: never) => Buffer
  responseDeserialize: (value: Buffer) => unknown
}

type RequestOf<M extends MethodShape> = Parameters<M['requestSerialize']>[0]
type ResponseOf<M extends MethodShape> = ReturnType<M['responseDeserialize']>

type CallOf<M extends MethodShape> = M extends { requestStream: false; responseStream: false }
  ? (request: RequestOf<M>, options?: CallOptions) => Promise<ResponseOf<M>>
  : M extends { requestStream: true; responseStream: true }
    ? (options?: CallOptions) => BidiCall<RequestOf<M>, ResponseOf<M>>
    : never

/** The methods of a generated service, as promises that reject with Failures. */
export type RpcClient<S> = { [K in keyof S]: S[K] extends MethodShape ? CallOf<S[K]> : never } & { close(): void }

/** What ts-proto generates as `<Name>ServiceClient`. */
export interface ClientConstructor<S> {
  new (address: string, credentials: ChannelCredentials, options?: Partial<ClientOptions>): Client
  service: S
  serviceName: string
}
