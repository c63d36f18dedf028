/** The full protobuf name of a codec: generated codecs do not carry it, but each is exported under it. */
import * as contracts from '@pitcrew/contracts'
import type { Codec } from '@pitcrew/contracts'

const domains = [
  'agent',
  'analysis',
  'engagement',
  'manufacturing',
  'scheduling',
  'telemetry',
  'ueba',
  'vehicle',
  'workflow',
] as const

const byCodec = new Map<unknown, string>(
  domains.flatMap((domain) =>
    Object.entries(contracts[domain]).map(([name, exported]): [unknown, string] => [
      exported,
      `pitcrew.${domain}.v1.${name}`,
    ]),
  ),
)

export function messageName<T>(codec: Codec<T>): string {
  const name = byCodec.get(codec)
  if (name === undefined) throw new Error('a codec is not one that @pitcrew/contracts exports')
  return name
}

/** "pitcrew.telemetry.v1.Frame" as "telemetry.Frame", as people write it in code. */
export const shortName = (name: string): string => name.replace(/^pitcrew\.(\w+)\.v1\./, '$1.')
