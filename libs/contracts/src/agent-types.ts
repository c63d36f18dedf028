/** M3: the types that agents register by. What an agent can do says of which types it is. */
export const agentTypes = [
  'data-analysis',
  'diagnosis',
  'customer-engagement',
  'scheduling',
  'feedback',
  'manufacturing-quality',
] as const

export type AgentType = (typeof agentTypes)[number]

/** By capability, else by its domain. */
const typeOf: Record<string, AgentType> = {
  'engagement.ask-feedback': 'feedback',
  analysis: 'data-analysis',
  diagnosis: 'diagnosis',
  engagement: 'customer-engagement',
  scheduling: 'scheduling',
  manufacturing: 'manufacturing-quality',
}

/** Each once, in the order of `agentTypes`. A capability of a domain that nobody has named makes no type. */
export function agentTypesOf(capabilities: readonly string[]): AgentType[] {
  const found = new Set(capabilities.map((name) => typeOf[name] ?? typeOf[name.split('.')[0] ?? '']))
  return agentTypes.filter((type) => found.has(type))
}
