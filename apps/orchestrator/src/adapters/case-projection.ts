/** L11: keeps the case view and the history up to date from the log, and tells everybody of each change. */
import { events } from '@pitcrew/contracts'
import type { Messaging } from '@pitcrew/messaging'
import { nodeId, type Definitions, type Entry, type Node } from '@pitcrew/workflow'
import { caseMessage, caseRow, transitionOf } from '../domain/case-row.ts'
import { vehicleCase } from '../domain/vehicle-case.ts'
import type { CaseStore, Change } from './case-store.ts'

export function projectCases({
  store,
  messaging,
  definitions,
}: {
  store: CaseStore
  messaging: Messaging
  definitions: Definitions
}) {
  const program = definitions.get(vehicleCase.name, vehicleCase.version)
  const node = (path: string): Node | undefined => program.nodes.get(nodeId(path))?.node
  return async (entries: Entry[]): Promise<void> => {
    const changes: Change[] = entries
      .filter(({ after }) => after.definition === vehicleCase.name)
      .map((entry) => ({
        row: caseRow(entry, node),
        transition: transitionOf(entry),
        ...(entry.after.values && { outputs: entry.after.values }),
      }))
    if (changes.length === 0) return
    await store.apply(changes)
    await messaging.publishMany(
      events.caseChanged,
      changes.map(({ row, transition }) => ({
        key: row.caseId,
        id: `${row.caseId}:${row.revision}`,
        message: { case: caseMessage(row), transition },
      })),
    )
  }
}
