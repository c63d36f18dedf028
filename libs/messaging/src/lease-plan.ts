/**
 * Who should hold which partition: pure, from what one instance has read.
 * 1. Clocks are never compared between machines: a member is gone when its beat has not changed for `expiryMs` of our own clock.
 * 2. Live members that are not leaving get equal shares, to within one.
 * 3. Nobody takes what a live incarnation holds; only a holder gives up, or is seen gone.
 * 4. An epoch only ever grows, by one at each change of holder.
 */
export interface Holder {
  instance: string
  /** One run of the process: a restart under the same name is another holder. */
  incarnation: string
}

export interface Member extends Holder {
  leaving: boolean
  /** Changes with every beat. */
  revision: number
}

export interface Lease {
  partition: number
  holder: Holder | null
  epoch: number
  revision: number
}

export interface Sighting {
  incarnation: string
  revision: number
  /** Our clock when we first saw this revision. */
  sinceMs: number
}

export type Sightings = ReadonlyMap<string, Sighting>

export function observe(before: Sightings, members: readonly Member[], nowMs: number): Sightings {
  return new Map(
    members.map(({ instance, incarnation, revision }) => {
      const known = before.get(instance)
      const same = known?.incarnation === incarnation && known.revision === revision
      return [instance, { incarnation, revision, sinceMs: same ? known.sinceMs : nowMs }]
    }),
  )
}

export function liveMembers(
  members: readonly Member[],
  sightings: Sightings,
  nowMs: number,
  expiryMs: number,
): Member[] {
  return members.filter(({ instance }) => nowMs - (sightings.get(instance)?.sinceMs ?? nowMs) < expiryMs)
}

/** Of `partitions`, how many this member is to hold. */
export function quotaOf(instance: string, live: readonly Member[], partitions: number): number {
  const staying = live.filter(({ leaving }) => !leaving).map((member) => member.instance)
  const rank = staying.sort().indexOf(instance)
  if (rank === -1) return 0
  return Math.floor(partitions / staying.length) + (rank < partitions % staying.length ? 1 : 0)
}

export interface PlanInput {
  self: Holder
  partitions: number
  live: readonly Member[]
  leases: readonly Lease[]
  /** What we hold or are about to hold, by our own account. */
  held: ReadonlySet<number>
  /** What we are giving up at the moment. */
  releasing: ReadonlySet<number>
}

export interface Plan {
  take: Lease[]
  give: number[]
}

const same = (a: Holder, b: Holder) => a.instance === b.instance && a.incarnation === b.incarnation

export function plan({ self, partitions, live, leases, held, releasing }: PlanInput): Plan {
  const quota = quotaOf(self.instance, live, partitions)
  const give = [...held].sort((a, b) => b - a).slice(0, Math.max(0, held.size - quota))
  const known = new Map(leases.map((lease) => [lease.partition, lease]))
  const free: Lease[] = []
  for (let partition = 0; partition < partitions; partition++) {
    if (held.has(partition) || releasing.has(partition)) continue
    const lease = known.get(partition) ?? { partition, holder: null, epoch: 0, revision: 0 }
    // A lease in our own name that we do not hold: lost with a connection, or written by an attempt we took for failed.
    const heldByOther =
      lease.holder !== null && !same(lease.holder, self) && live.some((member) => same(member, lease.holder!))
    if (!heldByOther) free.push(lease)
  }
  return { take: rotate(free, self.instance, live).slice(0, Math.max(0, quota - held.size)), give }
}

/** Each member begins elsewhere, so that they seldom reach for the same. */
function rotate<T>(items: T[], instance: string, live: readonly Member[]): T[] {
  const instances = live.map((member) => member.instance).sort()
  const start = Math.floor((items.length * Math.max(0, instances.indexOf(instance))) / Math.max(1, instances.length))
  return [...items.slice(start), ...items.slice(0, start)]
}
