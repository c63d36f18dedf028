import { Terminal } from '@pitcrew/errors'
import type { BrokerTls, BrokerUser, SubjectRules } from './users.ts'

/** Everything that the configuration of one nats-server is made of. Paths are absolute. */
export interface BrokerConfig {
  host: string
  /** 0 lets the server take a free one. */
  port: number
  /** Monitoring, always on 127.0.0.1 (it has no access control). 0 lets the server take a free one. */
  monitorPort: number
  serverName: string
  storeDir: string
  logFile: string
  /** Where the server writes which ports it took. */
  portsDir: string
  /** Acknowledge a message only when it is on the disk (fsync). */
  syncAlways: boolean
  /** None: anyone who reaches the port is let in. */
  users?: BrokerUser[]
  tls?: BrokerTls
  mqtt?: MqttListener
}

/** nats-server's own MQTT 3.1.1 gateway. */
export interface MqttListener {
  /** Default: that of the other clients. */
  host?: string
  /** 0 lets the server take a free one. */
  port: number
  /**
   * Who asks and answers for devices that are no users of the broker: `issuer` is the public account key ("A...") that
   * signs the answers, `answeredBy` the public nkeys of the users that give them. None: only users may connect, or anyone
   * where there are none.
   */
  admission?: { issuer: string; answeredBy: string[] }
}

export const MAX_PAYLOAD_BYTES = 8 * 1024 * 1024
/** How long who connects may take to prove who it is, seconds: for a device that is a question to a service. */
const ADMISSION_S = 4
const LOG_BYTES = 16 * 1024 * 1024
const LOOPBACK = ['127.0.0.1', '::1', 'localhost']

/**
 * The text of the configuration file. It is JSON, which nats-server reads as its own format, so any path or password is
 * quoted rightly.
 *
 * Throws Terminal BROKER_EXPOSED for an address beyond loopback without users, BROKER_CONFIG_INVALID for a port or a user
 * that cannot be.
 */
export function configText(config: BrokerConfig): string {
  refuseMistakes(config)
  const document = {
    server_name: config.serverName,
    host: config.host,
    port: config.port || -1,
    http: `127.0.0.1:${config.monitorPort || -1}`,
    ports_file_dir: config.portsDir,
    log_file: config.logFile,
    log_size_limit: LOG_BYTES,
    logfile_max_num: 3,
    max_payload: MAX_PAYLOAD_BYTES,
    jetstream: { store_dir: config.storeDir, ...(config.syncAlways ? { sync_interval: 'always' } : {}) },
    ...(config.users ? accounts(config.users) : {}),
    ...(config.tls ? { tls: tls(config.tls) } : {}),
    ...(config.mqtt ? mqtt(config, config.mqtt) : {}),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function refuseMistakes({ host, port, monitorPort, users, tls, mqtt }: BrokerConfig): void {
  const beyond = [host, mqtt?.host ?? host].find((address) => !LOOPBACK.includes(address))
  if (beyond !== undefined && !tls?.verify && !users?.length) {
    throw new Terminal('BROKER_EXPOSED', `${beyond} can be reached from other machines, and anyone would be let in`, {
      hint: 'listen on 127.0.0.1, or name the users that may connect',
    })
  }
  if (users) refuseWrongUsers(users)
  for (const [name, value] of Object.entries({ port, monitorPort, mqttPort: mqtt?.port ?? 0 })) {
    if (!Number.isInteger(value) || value < 0 || value > 65_535) invalid(`${name} is ${value}, expected 0 to 65535`)
  }
}

function refuseWrongUsers(users: BrokerUser[]): void {
  if (users.length === 0) invalid('the list of users is empty: name one, or leave the list out to let anyone in')
  const identities = users.map(identityOf)
  const twice = identities.find((identity, index) => identities.indexOf(identity) !== index)
  if (twice) invalid(`the user ${twice} is named twice`)
  const notAKey = users.find((user) => 'nkey' in user && !/^U[A-Z2-7]{55}$/.test(user.nkey))
  if (notAKey) invalid('a user key is not a public nkey: expected U and 55 letters or digits')
}

function invalid(message: string): never {
  throw new Terminal('BROKER_CONFIG_INVALID', message)
}

function identityOf(user: BrokerUser): string {
  return 'nkey' in user ? user.nkey : user.name
}

/**
 * Messages live in an account of their own from the start: a stream belongs to its account, so moving there later would
 * leave it behind.
 */
function accounts(users: BrokerUser[]) {
  return {
    accounts: {
      PITCREW: { jetstream: 'enabled', users: users.filter((user) => !user.system).map(account) },
      SYSTEM: { users: users.filter((user) => user.system).map(account) },
    },
    system_account: 'SYSTEM',
  }
}

function account(user: BrokerUser) {
  const credentials = 'nkey' in user ? { nkey: user.nkey } : { user: user.name, password: user.password }
  const permissions = permissionsOf(user)
  return permissions ? { ...credentials, permissions } : credentials
}

function permissionsOf({ permissions, inboxPrefix }: BrokerUser) {
  if (!permissions) return undefined
  const inbox = inboxPrefix ? [`${inboxPrefix}.>`] : []
  const { publish, subscribe, allowResponses } = permissions
  return {
    ...(publish ? { publish: rules(publish) } : {}),
    ...(subscribe ? { subscribe: rules(subscribe, inbox) } : {}),
    ...(allowResponses ? { allow_responses: true } : {}),
  }
}

/** An empty allow list would read as "no list", which allows everything; what is meant is nothing. */
function rules({ allow, deny }: SubjectRules, more: string[] = []) {
  const allowed = allow ? [...allow, ...more] : undefined
  if (allowed?.length === 0) return { deny: ['>'] }
  return { ...(allowed ? { allow: allowed } : {}), ...(deny ? { deny } : {}) }
}

function tls({ cert, key, ca, verify }: BrokerTls) {
  return { cert_file: cert, key_file: key, ...(ca ? { ca_file: ca } : {}), ...(verify ? { verify: true } : {}) }
}

/**
 * The question goes to the account of the services. `allowed_accounts` bounds who is asked about: those whom the server does
 * not know, never a user of this file (with no bound every service would be asked about too).
 */
function mqtt({ host, users, tls: given }: BrokerConfig, { host: own = host, port, admission }: MqttListener) {
  const listener = {
    mqtt: { host: own, port: port || -1, ...(given ? { tls: tls({ ...given, verify: false }) } : {}) },
  }
  if (!admission || !users) return listener
  const callout = {
    issuer: admission.issuer,
    account: 'PITCREW',
    auth_users: admission.answeredBy,
    allowed_accounts: ['SYSTEM'],
  }
  return { ...listener, authorization: { timeout: ADMISSION_S, auth_callout: callout } }
}
