/**
 * F8: sizes of a module. Complexity is McCabe's cyclomatic number (T. J. McCabe, A complexity measure, IEEE TSE 2, 1976),
 * estimated as one more than the places where a function may go two ways: if, loops, cases, catches, ?:, &&, ||, ??.
 */
import type { ModuleSpec } from './spec.ts'

export interface Measures {
  /** Lines that hold code. */
  codeLines: number
  commentLines: number
  functions: { name: string; lines: number; complexity: number }[]
}

const branching = /\b(?:if|for|while|case|catch)\b|&&|\|\||\?\?|\?(?![.?:])|\?(?=\.\d)/g

export function measure(source: string, { functions }: ModuleSpec): Measures {
  const code = withoutTexts(source)
  const lines = source.split('\n').filter((line) => line.trim() !== '').length
  const codeLines = code.split('\n').filter((line) => line.trim() !== '').length
  return {
    codeLines,
    commentLines: lines - codeLines,
    functions: functions.map(({ name, body }) => ({
      name,
      lines: body.split('\n').filter((line) => line.trim() !== '').length,
      complexity: complexityOf(body),
    })),
  }
}

export const complexityOf = (body: string): number => 1 + (withoutTexts(body).match(branching)?.length ?? 0)

const texts =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`|(?<=[=(,:!&|?{};\n]\s*|return\s)\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g

/** Comments go, texts and regular expressions become empty ones; lines stay. */
const withoutTexts = (source: string): string =>
  source.replaceAll(texts, (text) => {
    const lines = '\n'.repeat(text.split('\n').length - 1)
    return /^\/[/*]/.test(text) ? lines : `''${lines}`
  })
