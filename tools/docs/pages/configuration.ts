import { describeEnv, type EnvKey } from '@pitcrew/service'
import { code, page, table } from '../markdown.ts'
import { allServices } from '../services.ts'

/** What every service reads stands once; what names the service, or is its own, with the service. */
export async function configurationPage(): Promise<string> {
  const keysOf = (await allServices()).map((service) => ({ name: service.name, keys: describeEnv(service) }))
  const everywhere = (key: string) => keysOf.every(({ keys }) => keys.some((one) => one.key === key))
  const own = (keys: readonly EnvKey[]) => keys.filter(({ key }, i) => !everywhere(key) && firstOf(keys, key) === i)
  const common = (keysOf[0]?.keys ?? []).filter(({ key }, i, keys) => everywhere(key) && firstOf(keys, key) === i)
  return page(
    'Configuration',
    'Every service is configured by environment variables alone, and an empty one counts as absent. ' +
      '`./pitcrew run <service> --help` prints the same list. A value that will not do ends the start with `BAD_CONFIG`, ' +
      'naming the key, what was found and what was expected.',
    '## Every service',
    keyTable(common),
    ...keysOf.flatMap(({ name, keys }) => [`## ${name}`, keyTable(own(keys))]),
  )
}

const firstOf = (keys: readonly EnvKey[], key: string): number => keys.findIndex((one) => one.key === key)

const keyTable = (keys: readonly EnvKey[]): string =>
  table(
    ['variable', 'default', 'what it is'],
    keys.map(({ key, required, default: fallback, description }) => [
      code(key),
      required ? 'required' : code(fallback ?? ''),
      description,
    ]),
  )
