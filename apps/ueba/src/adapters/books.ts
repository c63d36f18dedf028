import { events } from '@pitcrew/contracts'
import type { Database, Sql } from '@pitcrew/database'
import { enqueue } from '@pitcrew/outbox'
import type { Books, Turn } from '../handlers/turn.ts'
import { appendEntries, takePen, unseenIds } from './audit-log.ts'
import { loadStates, saveAgents, saveBaselines, saveFinding } from './behaviour.ts'

/** `committed` is called after each turn, when there may be something to publish. */
export function sqlBooks(database: Database, committed: () => void): Books {
  return {
    async inTurn(fn) {
      const result = await database.transaction(async (tx) => {
        let head = await takePen(tx)
        return fn({
          ...behaviourOf(tx),
          unseen: (ids) => unseenIds(tx, ids),
          async append(entries) {
            head = await appendEntries(tx, head, entries)
          },
        })
      })
      committed()
      return result
    },
  }
}

function behaviourOf(tx: Sql): Omit<Turn, 'unseen' | 'append'> {
  return {
    load: (actors, services, liveSince) => loadStates(tx, actors, services, liveSince),
    saveAgents: (agents) => saveAgents(tx, agents),
    saveBaselines: (baselines, platform) => saveBaselines(tx, baselines, platform),
    async raise(finding) {
      await saveFinding(tx, finding)
      const id = `finding:${finding.findingId}`
      await enqueue(tx, 'ueba', { event: events.findingRaised, key: finding.actor, id, message: finding })
    },
    announceBlocked: (message, id) =>
      enqueue(tx, 'ueba', { event: events.agentBlocked, key: message.actor, id, message }),
    announceReleased: (message, id) =>
      enqueue(tx, 'ueba', { event: events.agentReleased, key: message.actor, id, message }),
  }
}
