/** Something that a person changed about how alerts come about. */
export interface AuditRecord {
  /** Unix milliseconds. */
  atMs: number
  subject: string
  /** `model.rolled-out`, `rule.put`, ... */
  action: string
  object: string
  reason: string
  detail: unknown
}

/** Who does something, when and why. */
export interface Act {
  subject: string
  reason: string
  /** Unix milliseconds. */
  atMs: number
}
