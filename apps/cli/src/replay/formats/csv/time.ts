import type { TimeFormat } from './mapping.ts'

const inMs: Record<Exclude<TimeFormat, 'iso'>, number> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 }

const iso = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)?\s?(Z|[+-]\d{2}:?\d{2})?$/

/** Milliseconds from anywhere, or undefined. A time without a zone is UTC. */
export function readTime(text: string, format: TimeFormat): number | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  if (format !== 'iso') {
    const value = Number(trimmed) * inMs[format]
    return Number.isFinite(value) && Math.abs(value) < 8.64e15 ? value : undefined
  }
  const match = iso.exec(trimmed)
  if (!match) return undefined
  const dated = trimmed.replace(' ', 'T').replace(',', '.').replace(/\s/, '')
  const time = Date.parse(match[1] === undefined && dated.includes('T') ? `${dated}Z` : dated)
  return Number.isNaN(time) ? undefined : time
}
