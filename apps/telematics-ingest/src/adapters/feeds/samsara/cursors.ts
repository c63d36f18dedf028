import { z } from 'zod'

/** The provider's cursor of each group of statistics, by the group's types. */
export type GroupCursors = Record<string, string>

const schema = z.object({ after: z.record(z.string(), z.string()) })

/** Of a cursor that cannot be read nothing is known: every group begins anew. */
export function cursorsOf(cursor: string): GroupCursors {
  try {
    const parsed = schema.safeParse(JSON.parse(cursor))
    return parsed.success ? parsed.data.after : {}
  } catch {
    return {}
  }
}

export const cursorOf = (after: GroupCursors): string => JSON.stringify({ after })
