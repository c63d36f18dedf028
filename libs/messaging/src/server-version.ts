import type { ServerInfo } from '@nats-io/transport-node'
import { Terminal } from '@pitcrew/errors'

/** 2.14 brought consumer reset and message schedules that we rely on. */
const oldest = { major: 2, minor: 14 }

/** Terminal BROKER_TOO_OLD, NO_JETSTREAM. */
export function requireVersion(info: Pick<ServerInfo, 'version' | 'jetstream'> | undefined): void {
  const version = info?.version ?? 'unknown'
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (!(major > oldest.major || (major === oldest.major && minor >= oldest.minor))) {
    throw new Terminal(
      'BROKER_TOO_OLD',
      `the NATS server is version ${version}; expected ${oldest.major}.${oldest.minor} or newer`,
      {
        hint: 'upgrade it, or unset NATS_URL and let `./pitcrew up` obtain one',
      },
    )
  }
  if (!info?.jetstream) {
    throw new Terminal('NO_JETSTREAM', 'the NATS server runs without JetStream; expected it to be enabled', {
      hint: 'start it with -js',
    })
  }
}
