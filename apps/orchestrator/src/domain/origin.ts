/** What only the start of a workflow tells of it, and a migration changes. */
import type { Entry } from '@pitcrew/workflow'

export interface Origin {
  version: number
  parentId: string
  trace: string
}

/** The trace stays the one that opened it, whatever trace later transitions belong to. */
export function originOf({ event, after }: Entry, before: Origin | undefined): Origin {
  if (event.type === 'started') {
    return { version: event.version, parentId: event.parent?.id ?? '', trace: event.trace ?? '' }
  }
  const known = before ?? { version: 0, parentId: '', trace: after.trace ?? '' }
  const { parentId, trace } = known
  return { version: event.type === 'migrated' ? event.to : known.version, parentId, trace }
}
