/**
 * Names of the attributes that we put on spans and metrics: OpenTelemetry's own where it has one
 * (https://opentelemetry.io/docs/specs/semconv/messaging/), `pitcrew.*` for the domain's ids. Never personal data.
 */
export const attributes = {
  errorType: 'error.type',
  serviceName: 'service.name',
  serviceInstance: 'service.instance.id',
  messagingSystem: 'messaging.system',
  messagingOperation: 'messaging.operation.name',
  messagingOperationType: 'messaging.operation.type',
  messagingDestination: 'messaging.destination.name',
  messagingDestinationTemplate: 'messaging.destination.template',
  messagingMessageId: 'messaging.message.id',
  /** The workflow that several messages belong to. */
  messagingConversation: 'messaging.message.conversation_id',
  messagingBodySize: 'messaging.message.body.size',
  messagingBatchCount: 'messaging.batch.message_count',
  messagingConsumerGroup: 'messaging.consumer.group.name',
  rpcSystem: 'rpc.system',
  rpcService: 'rpc.service',
  rpcMethod: 'rpc.method',
  caseId: 'pitcrew.case.id',
  vehicleId: 'pitcrew.vehicle.id',
  workflowId: 'pitcrew.workflow.id',
  taskId: 'pitcrew.task.id',
  taskAttempt: 'pitcrew.task.attempt',
  capability: 'pitcrew.capability',
  partition: 'pitcrew.partition',
  deliveries: 'pitcrew.message.deliveries',
} as const

export type AttributeName = (typeof attributes)[keyof typeof attributes]
