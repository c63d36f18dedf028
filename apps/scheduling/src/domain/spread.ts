import type { Candidate } from './slot-search.ts'

/**
 * The best `count` candidates that are a real choice: each starts at least `spreadMs` from those already taken, and the
 * distance is halved only when fewer would be left otherwise. The first is always the best of all.
 * `candidates` come best first.
 */
export function spread(candidates: readonly Candidate[], count: number, spreadMs: number): Candidate[] {
  const taken: Candidate[] = []
  for (let apart = spreadMs; taken.length < count; apart = apart > 60_000 ? apart / 2 : 0) {
    for (const candidate of candidates) {
      if (taken.length >= count) break
      if (taken.every((other) => other !== candidate && distance(other, candidate) >= apart)) taken.push(candidate)
    }
    if (apart === 0) break
  }
  return taken
}

function distance(a: Candidate, b: Candidate): number {
  return Math.abs(a.span.start - b.span.start)
}
