import type { engagement } from '@pitcrew/contracts'

/**
 * An offer takes one answer: the first of accept, other time and decline. It is closed by that answer or by a newer offer in
 * its case. An opt-out is not an answer to the offer: it is recorded whatever state the offer is in, once per customer.
 */
export type OfferState = { kind: 'open' } | { kind: 'answered'; reply: Answer } | { kind: 'superseded' }

export type Answer = Exclude<engagement.ReplyKind, 'REPLY_KIND_UNSPECIFIED' | 'REPLY_KIND_OPT_OUT'>

export type Outcome =
  | { kind: 'recorded'; reply: Answer }
  | { kind: 'repeated'; reply: Answer }
  | { kind: 'answered-otherwise'; reply: Answer }
  | { kind: 'superseded' }

export function answerOffer(state: OfferState, reply: Answer): Outcome {
  switch (state.kind) {
    case 'open':
      return { kind: 'recorded', reply }
    case 'answered':
      return state.reply === reply ? { kind: 'repeated', reply } : { kind: 'answered-otherwise', reply: state.reply }
    case 'superseded':
      return { kind: 'superseded' }
  }
}
