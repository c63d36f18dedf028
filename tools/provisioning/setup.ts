/**
 * Makes the credentials of a deployment, once, and hands them out: as a folder of files for each container, or as Secrets
 * of Kubernetes. Run again it gives the same ones, and makes what a newer version needs besides.
 */
import { chownSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ensureIdentities, ensureIssuer } from '@pitcrew/broker'
import { toFailure } from '@pitcrew/errors'
import { brokerNames } from './broker-users.ts'
import { bundlesOf, secretNames } from './bundles.ts'
import { kubernetesSecrets } from './kubernetes-secrets.ts'
import { ensureSecrets } from './secrets.ts'
import { writeBundles } from './write-bundles.ts'

const usage = `node tools/provisioning/setup.ts --state DIR (--volumes DIR | --kubernetes) [options]
  --state DIR       where the credentials are kept; losing it is losing the customers' data
  --volumes DIR     write DIR/<container>/<file>
  --kubernetes      print Secrets for kubectl apply -f -
  --database URL    the database, without user (default postgres://postgres:5432/pitcrew)
  --owner UID       whose the files are to be, as root
  --own DIR         a folder to give to that owner as well, more than once if need be
`

const options = {
  state: { type: 'string' },
  volumes: { type: 'string' },
  kubernetes: { type: 'boolean', default: false },
  database: { type: 'string', default: 'postgres://postgres:5432/pitcrew' },
  owner: { type: 'string' },
  own: { type: 'string', multiple: true },
} as const

async function main(): Promise<number> {
  const { state, volumes, kubernetes, database, owner, own = [] } = parseArgs({ options }).values
  const uid = owner === undefined ? undefined : Number(owner)
  if (state === undefined || (volumes === undefined) === !kubernetes || Number.isNaN(uid) || !URL.canParse(database)) {
    process.stderr.write(usage)
    return 2
  }
  const identities = await ensureIdentities(state, brokerNames)
  const issuer = await ensureIssuer(state)
  const bundles = bundlesOf({ identities, issuer, secrets: ensureSecrets(state, secretNames), databaseUrl: database })
  if (kubernetes) process.stdout.write(kubernetesSecrets(bundles))
  if (volumes === undefined) return 0
  writeBundles(volumes, bundles, uid)
  if (uid !== undefined) for (const folder of own) chownSync(folder, uid, uid)
  process.stdout.write(`credentials of ${Object.keys(bundles).length} containers are in ${volumes}\n`)
  return 0
}

try {
  process.exitCode = await main()
} catch (error) {
  const { code, message, hint } = toFailure(error)
  process.stderr.write(`${code}: ${message}\n${hint === undefined ? '' : `  -> ${hint}\n`}`)
  process.exitCode = 1
}
