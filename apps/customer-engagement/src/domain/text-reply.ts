/** What a customer's free text means. `unclear` goes to a person. */
export type TextReply =
  { kind: 'opt-out' } | { kind: 'accept' } | { kind: 'other-time' } | { kind: 'decline' } | { kind: 'unclear' }

/**
 * Words by which a consumer revokes consent: 47 CFR 64.1200(a)(10), and their Portuguese counterparts. By that rule CANCEL
 * and END revoke consent, so they can never mean "cancel my appointment".
 */
const optOutWords: ReadonlySet<string> = new Set([
  ...['stop', 'stopall', 'quit', 'end', 'revoke', 'opt out', 'optout', 'cancel', 'unsubscribe'],
  ...['parar', 'pare', 'sair', 'cancelar', 'descadastrar', 'remover'],
])

const intents: Record<string, TextReply> = {
  '1': { kind: 'accept' },
  '2': { kind: 'other-time' },
  '3': { kind: 'decline' },
}

/** Opt-out before intent, and only a whole message counts: "please stop the squeaking" withdraws nothing. */
export function readTextReply(text: string): TextReply {
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/^please | please$|^por favor | por favor$/g, '')
  if (optOutWords.has(words)) return { kind: 'opt-out' }
  return intents[words] ?? { kind: 'unclear' }
}
