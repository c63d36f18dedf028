/** F9: the reviewer: rules over what was measured. Whatever is found asks a person before the module goes out. */
import type { Measures } from './measure.ts'
import type { ModuleSpec } from './spec.ts'

export interface ReviewFinding {
  rule: 'too-complex' | 'too-long' | 'too-few-examples' | 'error-without-example' | 'reaches-out'
  function: string
  message: string
}

export interface Review {
  approved: boolean
  findings: ReviewFinding[]
  /** In one sentence. */
  summary: string
}

export interface ToReview {
  module: ModuleSpec
  measures: Measures
  maxComplexity: number
}

const longest = 60
/** What a function of a small module has no business with; it would not run in the tests either. */
const outside = /\b(?:process|globalThis|eval|Function|fetch|require|WebSocket)\b|\bimport\s*\(/

export function review({ module, measures, maxComplexity }: ToReview): Review {
  const findings = module.functions.flatMap(({ name, body, examples }): ReviewFinding[] => {
    const { complexity = 1, lines = 0 } = measures.functions.find((one) => one.name === name) ?? {}
    const found: [ReviewFinding['rule'], boolean, string][] = [
      ['too-complex', complexity > maxComplexity, `complexity ${complexity}, at most ${maxComplexity} is wanted`],
      ['too-long', lines > longest, `${lines} lines, at most ${longest} are wanted`],
      [
        'too-few-examples',
        examples.length < Math.min(3, complexity),
        `${examples.length} examples for ${complexity} ways through`,
      ],
      [
        'error-without-example',
        /\bthrow\b/.test(body) && !examples.some((one) => one.throws),
        'throws, and no example shows when',
      ],
      ['reaches-out', outside.test(body), 'reaches for what is outside of the module'],
    ]
    return found.filter(([, holds]) => holds).map(([rule, , message]) => ({ rule, function: name, message }))
  })
  const [first] = findings
  return {
    approved: findings.length === 0,
    findings,
    summary: first
      ? `${findings.length} findings, the first: ${first.function}: ${first.message}`
      : 'nothing to find fault with',
  }
}
