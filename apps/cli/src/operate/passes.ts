/** C6: the passes of a diagnosis and what the iteration controller made of them, one line for each. */
import { analysis } from '@pitcrew/contracts'
import { duration } from '../print/duration.ts'
import { words } from '../print/names.ts'
import type { Values } from './why.ts'

export function passesText(values: Values): string {
  if (values.diagnose === undefined) return ''
  const { passes } = analysis.RankHypothesesResponse.fromJSON(values.diagnose)
  return passes.map((pass, i) => `  ${passLine(pass, i + 1)}`).join('\n')
}

function passLine({ confidence, durationMs, window, nodes, verdict }: analysis.PassRecord, number: number): string {
  const failed = nodes.flatMap(({ node, failed }) => (failed ? [node] : []))
  const asked = `${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'}, window ${window}, ${duration(durationMs)}`
  const gain = verdict?.metrics?.gain ?? 0
  const lost = failed.length > 0 ? `; failed: ${failed.join(', ')}` : ''
  const why = verdict ? `${verdict.stop ? 'stops' : 'goes on'} (${words(verdict.reason)}): ${verdict.explanation}` : ''
  return `pass ${number}: ${percent(confidence)} (${gain < 0 ? '' : '+'}${percent(gain)}), ${asked}${lost}; ${why}`
}

const percent = (share: number): string => `${Math.round(share * 100)} %`
