/** P6: an event and an entry as the log takes them, or the refusal of what it could not hold. */
import { Terminal } from '@pitcrew/errors'
import type { WorkflowEvent } from '../core/event.ts'
import type { WorkflowState } from '../core/state.ts'
import { encodeEntry, type View } from './frame.ts'

/** Characters of an event, and of a whole entry, at most. */
const longestEvent = 200 * 1024
const longestEntry = 300 * 1024

/** The event as JSON. @throws Terminal PAYLOAD_TOO_LARGE */
export function eventText(id: string, event: WorkflowEvent): string {
  const text = JSON.stringify(event)
  if (text.length <= longestEvent) return text
  throw new Terminal(
    'PAYLOAD_TOO_LARGE',
    `${event.type} of ${id} has ${text.length} characters, at most ${longestEvent} fit`,
    { hint: 'keep large data elsewhere and pass where it is' },
  )
}

/** With the last transition goes all that nodes gave, unless that is too much: the transitions before it have it piece by piece. */
export function entryText(id: string, state: WorkflowState, event: string, view: View): string {
  const entry = encodeEntry(id, state.revision, event, view)
  if (entry.length <= longestEntry) return entry
  const shorter = encodeEntry(id, state.revision, event, { ...view, values: {} })
  if (shorter.length <= longestEntry) return shorter
  throw new Terminal(
    'PAYLOAD_TOO_LARGE',
    `a transition of ${id} has ${shorter.length} characters, at most ${longestEntry} fit`,
    {
      hint: 'keep large data elsewhere and set attributes to where it is',
    },
  )
}
