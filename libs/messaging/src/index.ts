export { connectMessaging } from './connect-messaging.ts'
export type { ConnectOptions } from './connect.ts'
export { deadLetters, type DeadLetter, type DeadLetters } from './dead-letters.ts'
export { holdPartitions, type Holding, type HoldOptions } from './hold-partitions.ts'
export type {
  AnyEvent,
  BatchOptions,
  ConsumeOptions,
  Delivery,
  Headers,
  Messaging,
  Publication,
  PublishAck,
  RequestOptions,
  RespondOptions,
  SendOptions,
  Subscription,
} from './messaging.ts'
export { partitionOf } from './partition.ts'
export { backoffMs, pause } from './pause.ts'
export { permissionsFor, type PermissionOptions, type Permissions } from './permissions.ts'
export { provisionStream, provisionStreams, type ProvisionOptions, type StreamConfig } from './provision.ts'
export { escapeToken, unescapeToken } from './subjects.ts'
export { taskDurable, taskPriorities, taskSubject, type TaskPriority } from './tasks.ts'
export { workQueue, type Work, type WorkQueue, type WorkQueueOptions } from './work-queue.ts'
