export { openCommunicator, type Communicator, type CommunicatorOptions, type PendingHandoff } from './communicator.ts'
export type { HistoryQuery } from './history.ts'
export {
  messageKinds,
  type ErrorMessage,
  type HandedOver,
  type HandoffMessage,
  type Message,
  type MessageKind,
  type SaidMessage,
  type SendOptions,
} from './message.ts'
