/** C3: what each node of the manuscript review takes and gives. */
import type { Look } from '../text/passage.ts'

export const nodeNames = ['structure', 'readability', 'vocabulary', 'repetition', 'style', 'consistency'] as const
export type NodeName = (typeof nodeNames)[number]

export interface Finding {
  /** Stable, in kebab-case: findings of one kind call for one thing to be done. */
  kind: string
  message: string
  /** From 1. */
  paragraph: number
  /** From the start of the text, UTF-16 code units. */
  offset: number
  length: number
  /** 0 to 1. */
  severity: number
}

export interface Analysis {
  /** 0 to 100. */
  score: number
  /** How sure the score is, 0 to 1. */
  confidence: number
  /** The worst ones, in the order of the text. */
  findings: Finding[]
  /** How many there were, also those that are not kept. */
  found: number
  measures: Readonly<Record<string, number>>
}

export type Analyse = (look: Look) => Analysis

/** Findings that one node keeps: enough to act on, few enough to store with every iteration. */
const kept = 25

export function analysis(parts: {
  score: number
  confidence: number
  findings: readonly Finding[]
  measures: Record<string, number>
}): Analysis {
  const worst = parts.findings.toSorted((a, b) => b.severity - a.severity || a.offset - b.offset).slice(0, kept)
  return {
    score: Math.round(clamp(parts.score, 0, 100) * 10) / 10,
    confidence: Math.round(clamp(parts.confidence, 0, 1) * 1000) / 1000,
    findings: worst.toSorted((a, b) => a.offset - b.offset),
    found: parts.findings.length,
    measures: Object.fromEntries(Object.entries(parts.measures).map(([name, value]) => [name, rounded(value)])),
  }
}

/**
 * How far to trust a mean over `sample` things: n / (n + k), which is the Spearman-Brown formula (Spearman 1910, Brown 1910)
 * with k the sample that would be half sure; less what has not been looked at, which counts for half.
 * @param seen share of what could be looked at that was, 0 to 1
 */
export const confidenceOf = (sample: number, halfSure: number, seen: number): number =>
  (sample / (sample + halfSure)) * (0.5 + 0.5 * clamp(seen, 0, 1))

/** A value on a line through points with rising x; flat before the first and behind the last. */
export function onLine(value: number, points: readonly (readonly [x: number, y: number])[]): number {
  let [beforeX, beforeY] = points[0] as readonly [number, number]
  if (value <= beforeX) return beforeY
  for (const [x, y] of points) {
    if (value <= x) return beforeY + ((y - beforeY) * (value - beforeX)) / (x - beforeX)
    ;[beforeX, beforeY] = [x, y]
  }
  return beforeY
}

export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))
export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, one) => sum + one, 0) / values.length

/** Standard deviation over the mean; 0 for fewer than two values. */
export function variation(values: readonly number[]): number {
  const middle = mean(values)
  if (values.length < 2 || middle === 0) return 0
  const variance = values.reduce((sum, one) => sum + (one - middle) ** 2, 0) / (values.length - 1)
  return Math.sqrt(variance) / middle
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000
