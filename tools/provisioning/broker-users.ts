import type { Identity, Issuer } from '@pitcrew/broker'
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
export function brokerUsersConfig(identities: Record<BrokerName, Identity>, issuer: Pick<Issuer, 'publicKey'>): string {
  const users = [...services.map((name) => serviceUser(name, identities[name])), provisioner(identities.provisioner)]
  const document = {
    accounts: { PITCREW: { jetstream: 'enabled', users }, SYSTEM: { users: [] } },
    system_account: 'SYSTEM',
    authorization: { timeout: 4, auth_callout: deviceCallout(identities, issuer) },
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function serviceUser(name: ServiceName, { publicKey }: Identity) {
  const { publish, subscribe, allowResponses } = servicePermissions(name)
  const permissions = { publish: { allow: publish }, subscribe: { allow: subscribe }, allow_responses: allowResponses }
  return { nkey: publicKey, permissions }
}

/**
 * Devices, whom the broker does not know, come over MQTT: it asks ingest about them. `allowed_accounts` bounds who is asked
 * about; left out, it would be every user of this file as well.
 */
function deviceCallout(identities: Record<BrokerName, Identity>, { publicKey }: Pick<Issuer, 'publicKey'>) {
  const answeredBy = identities['telematics-ingest'].publicKey
  return { issuer: publicKey, account: 'PITCREW', auth_users: [answeredBy], allowed_accounts: ['SYSTEM'] }
}

function provisioner({ publicKey }: Identity) {
  const publish = { allow: ['$JS.API.INFO', '$JS.API.STREAM.>'] }
  return { nkey: publicKey, permissions: { publish, subscribe: { allow: ['_INBOX_provisioner.>'] } } }
}
