/** Subjects that may be used. With an allow list everything else is forbidden; deny wins over allow. */
export interface SubjectRules {
  allow?: string[]
  deny?: string[]
}

export interface BrokerPermissions {
  publish?: SubjectRules
  subscribe?: SubjectRules
  /** Lets a responder answer to the reply subject of a request it received, whatever that is. */
  allowResponses?: boolean
}

interface Common {
  permissions?: BrokerPermissions
  /** Where this user gets its replies (`_INBOX_scheduling`): subscribing below it is allowed, and to no one else's. */
  inboxPrefix?: string
  /** A user of the system account: sees connections and may end them, and has no part in the messages. */
  system?: boolean
}

/** One identity on the broker: by public nkey (`U...`), or by name and password. */
export type BrokerUser = (Common & { nkey: string }) | (Common & { name: string; password: string })

/** Certificate files in PEM, absolute paths. `verify` asks clients for a certificate signed by `ca`. */
export interface BrokerTls {
  cert: string
  key: string
  ca?: string
  verify?: boolean
}
