export { sharedContext, type ContextWrite, type SharedContext, type SharedContextOptions } from './shared-context.ts'
export type { ContextChange, ContextEntry } from './envelope.ts'
export type { Lock, LockHolder, LockOptions } from './lock.ts'
