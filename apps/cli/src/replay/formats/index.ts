import { Terminal } from '@pitcrew/errors'
import { azurePdm } from './azure-pdm.ts'
import { candump } from './candump/index.ts'
import { carobd } from './carobd.ts'
import { cmapss } from './cmapss.ts'
import { csv } from './csv/index.ts'
import type { Format } from './format.ts'
import { j1939Json } from './j1939-json.ts'
import { obd } from './obd.ts'

const formats: ReadonlyMap<string, Format> = new Map([
  ['carobd', carobd],
  ['csv', csv],
  ['candump', candump],
  ['j1939-json', j1939Json],
  ['obd', obd],
  ['cmapss', cmapss],
  ['azure-pdm', azurePdm],
])

export const formatNames: readonly string[] = [...formats.keys()]

/** Throws Terminal UNKNOWN_FORMAT. */
export function formatOf(name: string): Format {
  const format = formats.get(name)
  if (format) return format
  throw new Terminal('UNKNOWN_FORMAT', `there is no format "${name}": expected ${formatNames.join(', ')}`, {
    hint: './pitcrew replay --help',
  })
}
