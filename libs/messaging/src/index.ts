export { forwardSubject, inboxOf, requestFilter, requestSubject } from './agent-permissions.ts'
export { connectMessaging } from './connect-messaging.ts'
export type { ConnectOptions } from './connect.ts'
export { deadLetters, type DeadLetter, type DeadLetters } from './dead-letters.ts'
export { history, type HistoryOptions } from './history.ts'
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
export { answerAdmissions, type AdmissionOptions } from './mqtt/admission.ts'
export { mqttQueue, publisherOf, telemetryTopic } from './mqtt/inbox.ts'
export { partitionOf } from './partition.ts'
export { backoffMs, pause } from './pause.ts'
export { permissionsFor, type PermissionOptions, type Permissions } from './permissions.ts'
export { provisionStream, provisionStreams, type ProvisionOptions, type StreamConfig } from './provision.ts'
export {
  recordBucket,
  recordBucketConfig,
  type RecordBucket,
  type RecordWrite,
  type StoredRecord,
  type WriteOutcome,
} from './record-bucket.ts'
export { directGetLast, type StoredMessage } from './stored-messages.ts'
export { priorityWeights, strideOrder, type StrideOrder } from './stride-order.ts'
export { escapeToken, unescapeToken } from './subjects.ts'
export { cancelledSubject, taskDurable, taskPriorities, taskSubject, type TaskPriority } from './tasks.ts'
export { contextBucket, openBucket, type Versioned, type VersionedBucket } from './versioned-bucket.ts'
export { workQueue, type Work, type WorkQueue, type WorkQueueOptions } from './work-queue.ts'
