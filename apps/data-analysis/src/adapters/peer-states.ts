import { vehicle } from '@pitcrew/contracts'
import type { Database } from '@pitcrew/database'
import type { PeerState, PeerStates } from '../handlers/peer-table.ts'

interface Row {
  content: string
  monitors: PeerState['monitors'] | null
}

export function peerStates(database: Database): PeerStates {
  return {
    async latest(perModel) {
      const rows = await database.query<Row>(
        `select content, state::json -> 'monitors' as monitors from (
           select v.content, s.state, row_number() over (partition by v.model order by s.changed_at desc) as place
           from analysis.vehicle_state s join analysis.vehicle v using (vehicle_id) where v.model <> ''
         ) ranked where place <= $1`,
        [perModel],
      )
      return rows.map(({ content, monitors }) => {
        const { model, inServiceDate } = vehicle.Vehicle.fromJSON(JSON.parse(content))
        const inServiceMs = inServiceDate === '' ? undefined : Date.parse(inServiceDate)
        return { vehicleModel: model, inServiceMs, monitors: monitors ?? {} }
      })
    },
  }
}
