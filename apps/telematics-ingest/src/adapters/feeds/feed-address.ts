/**
 * What an entry of TELEMATICS_APIS says: `[<kind>+]http[s]://[user:password@]host[:port][/path]`. The kind is the API that is
 * spoken there, `pitcrew` unless given. Credentials are taken out of the URL here, so that what is logged has none.
 */
export const feedKinds = ['pitcrew', 'iso15143', 'samsara'] as const

export type FeedKind = (typeof feedKinds)[number]

export interface FeedAddress {
  kind: FeedKind
  /** Without credentials and without a slash at its end. */
  url: string
  /** The key of the feed's cursor: the URL, with its kind unless that is `pitcrew`. */
  name: string
  /** For the Authorization header. */
  authorization: string | undefined
}

const pattern = new RegExp(`^(?:(${feedKinds.join('|')})\\+)?(https?://.+)$`)

/** Undefined when it is none. */
export function feedAddress(entry: string): FeedAddress | undefined {
  const match = pattern.exec(entry)
  if (!match || !URL.canParse(match[2]!)) return undefined
  const kind = (match[1] ?? 'pitcrew') as FeedKind
  const base = new URL(match[2]!)
  const authorization = base.username === '' ? undefined : userInfoOf(base)
  if (authorization === 'unreadable') return undefined
  base.username = base.password = base.search = base.hash = ''
  const url = base.href.replace(/\/+$/, '')
  return { kind, url, name: kind === 'pitcrew' ? url : `${kind}+${url}`, authorization }
}

export const basic = (userAndPassword: string) => `Basic ${Buffer.from(userAndPassword).toString('base64')}`

function userInfoOf({ username, password }: URL): string {
  try {
    return basic(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)
  } catch {
    return 'unreadable'
  }
}
