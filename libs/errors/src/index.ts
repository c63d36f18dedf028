export { Cancelled, Retryable, Terminal, toFailure, type Failure } from './errors.ts'
export { fromWire, toWire, type WireFailure } from './wire.ts'
export { problemOf, type Problem } from './problem.ts'
export { statusOf, type Status } from './status.ts'
