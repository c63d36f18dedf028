/** F3: what is expected of the nodes of a definition, from what was measured of earlier runs. */
import type { Definition, Durations } from '@pitcrew/workflow'
import { distribution, type Bucket, type Distribution } from './histogram.ts'

/** Of one node, or of the whole workflow ('' for its id). */
export interface Measurement extends Distribution {
  buckets: Bucket[]
  failures: number
}

/**
 * A node of the outermost graph that did not run in every workflow took no time in the others. (Nodes further in may run any
 * number of times, so nothing follows from their count.)
 */
export function expectedDurations({ graph }: Definition, measured: ReadonlyMap<string, Measurement>): Durations {
  const workflows = measured.get('')?.count ?? 0
  const outermost = new Set(graph.nodes.map(({ id }) => id))
  const expected: Record<string, Durations[string]> = {}
  for (const [node, { buckets, count }] of measured) {
    if (node === '' || count === 0) continue
    const idle = outermost.has(node) ? Math.max(0, workflows - count) : 0
    const all = idle > 0 ? [...buckets, { bucket: 0, count: idle, totalMs: 0 }] : buckets
    const { medianMs, p90Ms, meanMs } = distribution(all)
    expected[node] = { count: count + idle, meanMs, p50Ms: medianMs, p90Ms }
  }
  return expected
}
