/** What the service needs of the outside, each for one need. Adapters implement them. */
import type { engagement, scheduling } from '@pitcrew/contracts'
import type { Round } from './domain/conversation.ts'
import type { Customer, Profile, ReachChannel } from './domain/customer.ts'
import type { FailedAttempt, Message } from './domain/message.ts'
import type { Answer, OfferState, Outcome } from './domain/reply.ts'
import type { Letter } from './domain/text/letter.ts'

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
}

export interface Customers {
  /** Replaces the record and the vehicles of the customer. What the person withdrew by opting out stays withdrawn. */
  save(customer: Customer & { profile: Profile }, vehicleIds: readonly string[]): Promise<void>
  find(customerId: string): Promise<Customer | undefined>
  ofVehicle(vehicleId: string): Promise<Customer | undefined>
  /** Destroys the key of the person: what was sealed under it can be read by nobody any more. False when there was none. */
  erase(customerId: string): Promise<boolean>
}

export type Claim =
  | { kind: 'claimed'; message: Message; failures: FailedAttempt[] }
  /** Somebody else is sending it; the claim lapses at `until`, milliseconds since the epoch. */
  | { kind: 'busy'; until: number }
  | { kind: 'settled'; message: Message }

export interface Messages {
  /** Records the message, or gives the one already there under its id. A new round withdraws earlier ones not yet sent. */
  open(message: Message, now: number): Promise<Message>
  find(messageId: string): Promise<Message | undefined>
  list(caseId: string): Promise<Message[]>
  /** Rounds of a case that reached somebody, oldest first. */
  rounds(caseId: string): Promise<Round[]>
  /** One claimant at a time may send; the claim of one that died lapses. */
  claim(messageId: string, now: number, lapsesAt: number): Promise<Claim>
  failed(messageId: string, attempt: FailedAttempt & { code: string; at: number }): Promise<void>
  /** Ends the claim with nothing sent; to be tried at `dueAt`, by a task when it is due and by itself when it is deferred. */
  release(message: Message, dueAt: number): Promise<void>
  /** Ends the claim and the matter, and tells the world. */
  settle(message: Message): Promise<Message>
  /** Deferred messages whose time has come. */
  due(now: number, limit: number): Promise<string[]>
}

export interface Feedback {
  rating: number
  problemSolved: boolean
  comment: string
}

export interface Replies {
  offerState(message: Message): Promise<OfferState>
  answer(message: Message, reply: Answer, preference: scheduling.Preference | undefined, at: number): Promise<Outcome>
  optedOut(message: Message): Promise<boolean>
  /** False when the customer had opted out before. */
  optOut(message: Message, at: number): Promise<boolean>
  hasFeedback(message: Message): Promise<boolean>
  /** False when there already was an answer. */
  giveFeedback(message: Message, feedback: Feedback & { published: string }, at: number): Promise<boolean>
}

/** One way of reaching customers. */
export interface Channel {
  readonly channel: ReachChannel
  /** Resolves when the channel took it over. Throws Terminal when it never will, Retryable when it may later. */
  send(delivery: ChannelDelivery): Promise<void>
  close(): Promise<void>
}

export interface ChannelDelivery {
  message: Message
  kind: engagement.MessageKind
  address: string
  name: string
  letter: Letter
}
