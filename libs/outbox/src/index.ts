export { enqueue, type Outgoing } from './enqueue.ts'
export { relayOutbox, type OutboxRelay, type RelayOptions } from './relay.ts'
export { outboxTable } from './table.ts'
