import type { Identity } from '@pitcrew/broker'
import { services, type ServiceName } from '@pitcrew/contracts'
import { servicePermissions } from '@pitcrew/jobs'

/** Who connects to the broker: the services, and the tool that makes the streams. */
export const brokerNames = [...services, 'provisioner'] as const

export type BrokerName = ServiceName | 'provisioner'

/**
 * The part of nats-server's configuration that says who may connect, as JSON, which it reads as its own format. It holds
 * public keys only.
 *
 * 1. Every user names its permissions: without them it could do anything.
 * 2. The account has its name from the start: a stream belongs to its account and would be left behind by a move.
 */
export function brokerUsersConfig(identities: Record<BrokerName, Identity>): string {
  const users = [...services.map((name) => serviceUser(name, identities[name])), provisioner(identities.provisioner)]
  const document = {
    accounts: { PITCREW: { jetstream: 'enabled', users }, SYSTEM: { users: [] } },
    system_account: 'SYSTEM',
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function serviceUser(name: ServiceName, { publicKey }: Identity) {
  const { publish, subscribe, allowResponses } = servicePermissions(name)
  const permissions = { publish: { allow: publish }, subscribe: { allow: subscribe }, allow_responses: allowResponses }
  return { nkey: publicKey, permissions }
}

function provisioner({ publicKey }: Identity) {
  const publish = { allow: ['$JS.API.INFO', '$JS.API.STREAM.>'] }
  return { nkey: publicKey, permissions: { publish, subscribe: { allow: ['_INBOX_provisioner.>'] } } }
}
