import type {
  ChannelCredentials,
  Client,
  ClientOptions,
  handleBidiStreamingCall,
  handleUnaryCall,
  Metadata,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js'
import type { Telemetry } from '@pitcrew/observability'

export interface RpcService {
  definition: ServiceDefinition
  implementation: UntypedServiceImplementation
}
export interface Tls {
  ca: Buffer
  cert: Buffer
  key: Buffer
}
export interface CallContext {
  metadata: Metadata
  /** Aborts when the caller goes away, the deadline passes or the server must stop. */
  signal: AbortSignal
  /** Milliseconds since the epoch; undefined: the caller set none. */
  deadline: number | undefined
}
export interface RpcServer {
  port: number
  stop(): Promise<void>
}
export declare function serveRpc(options: {
  host: string
  port: number
  telemetry: Telemetry
  services: RpcService[]
  tls?: Tls
}): Promise<RpcServer>
export declare function unary<Req, Res>(
  fn: (request: Req, call: CallContext) => Promise<Res>,
): handleUnaryCall<Req, Res>
export declare function bidi<Req, Res>(
  fn: (requests: AsyncIterable<Req>, send: (response: Res) => Promise<void>, call: CallContext) => Promise<void>,
): handleBidiStreamingCall<Req, Res>

export interface CallOptions {
  deadlineMs?: number
  signal?: AbortSignal
}
export interface BidiCall<Req, Res> {
  send(request: Req): Promise<void>
  /** No more requests. */
  end(): void
  responses: AsyncIterable<Res>
  cancel(): void
}
interface MethodShape {
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
export type RpcClient<S> = { [K in keyof S]: S[K] extends MethodShape ? CallOf<S[K]> : never } & { close(): void }
export interface ClientConstructor<S> {
  new (address: string, credentials: ChannelCredentials, options?: Partial<ClientOptions>): Client
  service: S
  serviceName: string
}
export declare function connectRpc<S>(
  constructor: ClientConstructor<S>,
  address: string,
  options: { telemetry: Telemetry; deadlineMs?: number; tls?: Tls },
): RpcClient<S>
