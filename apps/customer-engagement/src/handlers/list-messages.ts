import type { engagement } from '@pitcrew/contracts'
import { recordOf } from '../domain/message.ts'
import type { Messages } from '../ports.ts'

/** Oldest first. Those with CHANNEL_OPERATOR are work for a person. */
export function listMessages(messages: Messages) {
  return async ({ caseId }: engagement.ListMessagesRequest): Promise<engagement.ListMessagesResponse> => ({
    messages: (await messages.list(caseId)).map(recordOf),
  })
}
