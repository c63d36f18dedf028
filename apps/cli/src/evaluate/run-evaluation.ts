import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Terminal } from '@pitcrew/errors'
import { say } from '../measure/measurement.ts'
import { callerDir } from '../platform/checkout.ts'
import type { Evaluation } from './evaluation.ts'

export interface EvaluateFlags {
  data?: string
  json?: boolean
  writeReadme?: boolean
}

const evaluations: Record<string, () => Promise<Evaluation>> = {
  carobd: async () => (await import('./carobd/index.ts')).evaluateCarobd,
  cmapss: async () => (await import('./cmapss/index.ts')).evaluateCmapss,
  'azure-pdm': async () => (await import('./azure-pdm/index.ts')).evaluateAzurePdm,
  nab: async () => (await import('./nab/index.ts')).evaluateNab,
}

export const dataSets: readonly string[] = Object.keys(evaluations)

/** True when every target is met. Throws Terminal UNKNOWN_DATA_SET, DATA_SET_NOT_FOUND. */
export async function runEvaluation(name: string, { data, json, writeReadme }: EvaluateFlags): Promise<boolean> {
  const load = evaluations[name]
  if (load === undefined)
    throw new Terminal('UNKNOWN_DATA_SET', `there is no evaluation on "${name}": expected ${dataSets.join(', ')}`, {
      hint: './pitcrew evaluate --help',
    })
  const evaluate = await load()
  const onProgress = (words: string): void => void process.stderr.write(`${words}\n`)
  return say(await evaluate({ dataDir: dataDirOf(name, data), onProgress }), {
    command: `evaluate ${name}`,
    json,
    writeReadme,
  })
}

/** --data names the folder of the set or the one that holds it; without it PITCREW_DATASETS does. */
function dataDirOf(name: string, data: string | undefined): string {
  const dir = data ?? process.env.PITCREW_DATASETS
  const hint = `./pitcrew evaluate ${name} --data DIR, or set PITCREW_DATASETS to the folder that holds ${name}/`
  if (dir === undefined) throw new Terminal('DATA_SET_NOT_FOUND', 'no folder with data was given', { hint })
  const full = resolve(callerDir(), dir)
  const found = [join(full, name), full].find((one) => statSync(one, { throwIfNoEntry: false })?.isDirectory() === true)
  if (found !== undefined) return found
  throw new Terminal('DATA_SET_NOT_FOUND', `${full} is not a folder: expected that of ${name}`, { hint })
}
