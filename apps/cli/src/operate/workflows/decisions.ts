/** C2: decisions as people read them: one line each, what was chosen, by how much, and what spoke for it. */
import type { engine } from '@pitcrew/contracts'
import { bold } from '../../print/colour.ts'

/** The stored form of a choice, as far as it is shown. */
interface Choice {
  score?: number | null
  margin?: number | null
  candidates?: { id: string; score: number; contributions?: { factor: string; contribution: number }[] }[]
}

export function decisionLine({ path, kind, chosen, explanation, by, record }: engine.Decision): string {
  const factors = factorsText(record)
  const who = by ? ` by ${by}` : ''
  const said = [chosen, `${chosen} by ${by}`].includes(explanation)
  const why = explanation && !said ? `: ${explanation}` : ''
  return `${path || 'workflow'}  ${kind} ${bold(chosen || 'nothing')}${who}${why}${factors ? ` [${factors}]` : ''}`
}

/** Of a choice what each factor added to the score of what was chosen; of another record its numbers. */
export function factorsText(record: unknown): string {
  if (typeof record !== 'object' || record === null) return ''
  const { score, margin, candidates } = record as Choice
  const [best, next] = candidates ?? []
  if (best) {
    const factors = (best.contributions ?? []).map((one) => `${one.factor} ${signed(one.contribution)}`)
    const beats = next && typeof margin === 'number' ? [`${signed(margin)} to ${next.id}`] : []
    return [...(typeof score === 'number' ? [`score ${score.toFixed(2)}`] : []), ...factors, ...beats].join(', ')
  }
  const { metrics } = record as { metrics?: object }
  return Object.entries(metrics ?? {})
    .flatMap(([name, value]) => (typeof value === 'number' ? [`${name} ${rounded(value)}`] : []))
    .join(', ')
}

const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(2)}`
const rounded = (value: number): string => String(Math.round(value * 100) / 100)
