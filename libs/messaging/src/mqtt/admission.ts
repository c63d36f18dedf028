/**
 * Who may connect as a device. The broker asks (auth callout) for everybody whom it does not know itself:
 * 1. Whoever is let in may publish the telemetry of its own device and nothing else, subscribe to nothing, and only over MQTT.
 * 2. Silence and failure are refusals.
 * 3. A connection ends after `connectionMs`, and the device proves itself again.
 */
import { Terminal, toFailure } from '@pitcrew/errors'
import type { Messaging, Subscription } from '../messaging.ts'
import { telemetrySubject } from './inbox.ts'
import { accountKey, claimsOf, signed } from './nats-jwt.ts'

/** nats-server puts this question, in the account of those who may answer. */
export const admissionSubject = '$SYS.REQ.USER.AUTH'

const account = 'PITCREW'
const connectionMs = 3_600_000

export interface AdmissionOptions {
  /** Of the account key ("SA...") that the broker's configuration names as issuer. */
  issuerSeed: string
  /** Resolves when that device is who it says; throws when not. */
  admit(deviceId: string, key: string): Promise<void>
  now(): number
}

interface Question {
  userNkey: string
  serverId: string
  overMqtt: boolean
  user: string
  password: string
}

/** Terminal BAD_CONFIG. */
export async function answerAdmissions(
  messaging: Messaging,
  { issuerSeed, admit, now }: AdmissionOptions,
): Promise<Subscription> {
  const issuer = accountKey(issuerSeed)
  const decide = async ({ overMqtt, user, password }: Question): Promise<string | undefined> => {
    if (!overMqtt) return 'only devices are let in here, over MQTT'
    try {
      await admit(user, password)
      return undefined
    } catch (thrown) {
      return toFailure(thrown).code
    }
  }
  return messaging.respond(admissionSubject, { queue: messaging.service }, async (data) => {
    const question = readQuestion(data)
    const error = await decide(question)
    const answer = error === undefined ? { jwt: signed(issuer, now(), userOf(question, now())) } : { error }
    const { userNkey: sub, serverId: aud } = question
    const claims = { sub, aud, nats: { type: 'authorization_response', version: 2, ...answer } }
    return new TextEncoder().encode(signed(issuer, now(), claims))
  })
}

const userOf = ({ userNkey, user }: Question, nowMs: number) => ({
  sub: userNkey,
  aud: account,
  name: user,
  exp: Math.floor((nowMs + connectionMs) / 1_000),
  nats: {
    type: 'user',
    version: 2,
    pub: { allow: [telemetrySubject(user)] },
    sub: { deny: ['>'] },
    subs: -1,
    data: -1,
    payload: -1,
    allowed_connection_types: ['MQTT', 'MQTT_WS'],
  },
})

function readQuestion(data: Uint8Array): Question {
  const nats = part(claimsOf(new TextDecoder().decode(data))?.nats)
  const connect = part(nats.connect_opts)
  const question = {
    userNkey: text(nats.user_nkey),
    serverId: text(part(nats.server_id).id),
    overMqtt: ['mqtt', 'mqtt_websocket'].includes(text(part(nats.client_info).type)),
    user: text(connect.user),
    password: text(connect.pass),
  }
  if (question.userNkey !== '' && question.serverId !== '') return question
  throw new Terminal('BAD_REQUEST', 'not a question of nats-server about who connects')
}

const part = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
