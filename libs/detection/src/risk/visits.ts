/** Whether a fleet comes to the workshop at a usual distance. */
import { hourMs, type UnitHistory } from './history.ts'

const leastVisits = 20
/** Of all distances between visits. */
const leastShare = 0.3

/** The commonest distance in hours, rounded to the hour; null when none is common. */
export function usualDistance(fleet: readonly UnitHistory[]): number | null {
  const counts = new Map<number, number>()
  const gaps = fleet.flatMap(gapsOf).filter((gap) => gap > 0)
  for (const gap of gaps) counts.set(gap, (counts.get(gap) ?? 0) + 1)
  const [best] = [...counts].sort(([gapA, a], [gapB, b]) => b - a || gapA - gapB)
  return best !== undefined && best[1] >= leastVisits && best[1] >= leastShare * gaps.length ? best[0] : null
}

function gapsOf({ events, observed }: UnitHistory): number[] {
  const times = events.flatMap((event) =>
    event.kind === 'maintenance' && event.atMs <= observed.toMs ? event.atMs : [],
  )
  const visits = [...new Set(times)].sort((a, b) => a - b)
  return visits.slice(1).map((atMs, index) => Math.round((atMs - visits[index]!) / hourMs))
}
