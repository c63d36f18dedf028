/**
 * The frames that a provider has to give, in the order in which they arose, and the cursors into them. Owns: a window of the
 * last `keep` entries. A cursor names the entry after which to go on. One from before a restart of the provider begins at
 * the oldest entry: whatever was before is gone with the provider's memory.
 */
export interface FeedLog<T> {
  append(entries: readonly T[]): void
  /** 'gone' when entries after the cursor have been dropped already; 'unknown' when it is no cursor of ours. */
  page(cursor: string, limit: number): { entries: T[]; nextCursor: string; more: boolean } | 'gone' | 'unknown'
  /** The cursor after the newest entry. */
  end(): string
}

export function createFeedLog<T>(run: string, keep: number): FeedLog<T> {
  let entries: T[] = []
  let first = 0

  /** The position to read from. */
  function positionOf(cursor: string): number | 'gone' | 'unknown' {
    if (cursor === '') return first
    const match = /^([0-9a-z]{1,32})-(\d{1,15})$/.exec(cursor)
    if (!match) return 'unknown'
    if (match[1] !== run) return first
    const position = Number(match[2])
    if (position > first + entries.length) return 'unknown'
    return position < first ? 'gone' : position
  }

  return {
    append(added) {
      entries.push(...added)
      // Dropped in large steps: to shift a long list with every entry would cost more than keeping it.
      if (entries.length <= keep * 1.25) return
      first += entries.length - keep
      entries = entries.slice(-keep)
    },
    end: () => `${run}-${first + entries.length}`,
    page(cursor, limit) {
      const from = positionOf(cursor)
      if (typeof from === 'string') return from
      const page = entries.slice(from - first, from - first + limit)
      const next = from + page.length
      return { entries: page, nextCursor: `${run}-${next}`, more: next < first + entries.length }
    },
  }
}
