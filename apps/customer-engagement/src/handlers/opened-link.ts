import { Terminal } from '@pitcrew/errors'
import type { Content } from '../domain/content.ts'
import type { Customer } from '../domain/customer.ts'
import type { Link } from '../domain/link.ts'
import type { Message } from '../domain/message.ts'
import type { Links } from '../links.ts'
import type { Clock, Customers, Messages, Replies } from '../ports.ts'

export interface LinkParts {
  customers: Customers
  messages: Messages
  replies: Replies
  links: Links
  clock: Clock
}

export interface OpenedLink {
  link: Link
  message: Message
  content: Content
  customer: Customer
}

/** What a token stands for. Throws Terminal BAD_LINK, and GONE when its time is over or the customer was erased. */
export async function openLink({ links, messages, customers }: LinkParts, token: string): Promise<OpenedLink> {
  const link = links.read(token)
  const message = await messages.find(link.messageId)
  const customer = message?.customerId === undefined ? undefined : await customers.find(message.customerId)
  if (message?.content === undefined || customer === undefined) {
    throw new Terminal('GONE', 'what this link was about no longer exists here', { hint: 'call the workshop' })
  }
  return { link, message, content: message.content, customer }
}
