/**
 * Owns: which partitions of a group this instance holds.
 * 1. A partition is held only between a lease won by compare-and-set and its release; `onAcquire` and `release` of one
 *    partition never overlap.
 * 2. An instance that could not beat for three quarters of `expiryMs` lets go of everything by itself, before anyone else
 *    takes it. Should its process be frozen, the epoch still fences it: whoever writes for a partition must check the epoch.
 * 3. A partition given up on purpose is free only after its `release` has resolved, and is then taken at once.
 * 4. The beat goes on while partitions are acquired or released, however long that takes.
 * 5. Of two processes under one instance name, the later holds; the earlier lets go when it sees that.
 */
import { randomUUID } from 'node:crypto'
import { toFailure } from '@pitcrew/errors'
import type { Logger } from '@pitcrew/observability'
import type { LeaseBucket } from './lease-bucket.ts'
import { memberKey, parseEntries, partitionKey } from './lease-entries.ts'
import { liveMembers, observe, plan, type Holder, type Lease, type Sightings } from './lease-plan.ts'

export interface HolderOptions {
  partitions: number
  instance: string
  /** Begin work. `epoch` is higher than any earlier holder's. */
  onAcquire(partition: number, epoch: number): Promise<{ release(): Promise<void> }>
  /** Silence after which a holder counts as dead; default 3.5 s. */
  expiryMs?: number
}

interface Held {
  epoch: number
  revision: number
  /** undefined until `onAcquire` has resolved. */
  release?: () => Promise<void>
  /** The lease is no longer ours to give back. */
  lost: boolean
  beginning: Promise<void>
}

/** Names of instances that are gone leave the bucket by themselves. */
const memberTtl = '1h'

export class PartitionHolder {
  readonly #options: HolderOptions
  readonly #bucket: LeaseBucket
  readonly #logger: Logger
  readonly #expiryMs: number
  readonly #self: Holder
  readonly #held = new Map<number, Held>()
  readonly #releasing = new Map<number, Promise<void>>()
  #sightings: Sightings = new Map()
  #memberRevision: number | undefined
  #lastBeatMs = performance.now()
  #state: 'here' | 'leaving' | 'replaced' = 'here'
  #turn: Promise<void> = Promise.resolve()

  constructor(options: HolderOptions, bucket: LeaseBucket, logger: Logger) {
    this.#options = options
    this.#bucket = bucket
    this.#logger = logger
    this.#expiryMs = options.expiryMs ?? 3_500
    this.#self = { instance: options.instance, incarnation: randomUUID() }
  }

  held(): number[] {
    const acquired = [...this.#held].filter(([, { release }]) => release !== undefined)
    return acquired.map(([partition]) => partition).sort((a, b) => a - b)
  }

  tick(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#beat()
      await this.#look()
    })
  }

  look(): Promise<void> {
    return this.#inTurn(() => this.#look())
  }

  /** To be called more often than the beat: it must not wait for a broker that does not answer. */
  fence(): void {
    if (this.#held.size === 0 || performance.now() - this.#lastBeatMs < this.#expiryMs * 0.75) return
    this.#logger.warn('no beat got through in time; letting go of everything', { partitions: this.#held.size })
    this.#letGo()
  }

  async leave(): Promise<void> {
    if (this.#state === 'here') this.#state = 'leaving'
    // Tells the others to share what we free. If that does not get through, they see us expire.
    await this.tick().catch((error: unknown) =>
      this.#logger.debug('left without saying so', { error: toFailure(error) }),
    )
    for (const partition of [...this.#held.keys()]) this.#giveUp(partition)
    await Promise.all(this.#releasing.values())
  }

  /** One at a time, so that a plan never works on what another is changing. */
  #inTurn(step: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(() => (this.#state === 'replaced' ? undefined : step()))
    this.#turn = mine.catch(() => undefined)
    return mine
  }

  async #beat(): Promise<void> {
    const sentMs = performance.now()
    const key = memberKey(this.#self.instance)
    const value = { incarnation: this.#self.incarnation, leaving: this.#state === 'leaving' }
    const write = (expected: number) => this.#bucket.compareAndSet(key, value, expected, memberTtl)
    const known = this.#memberRevision
    let revision = known === undefined ? undefined : await write(known)
    if (revision === undefined) {
      const found = (await this.#bucket.read()).find((entry) => entry.key === key)
      const another = found !== undefined && (found.value as Holder).incarnation !== this.#self.incarnation
      if (another && known !== undefined) return this.#giveWay()
      revision = await write(found?.revision ?? 0)
    }
    if (revision === undefined) return
    this.#memberRevision = revision
    this.#lastBeatMs = sentMs
  }

  #giveWay(): void {
    this.#state = 'replaced'
    this.#logger.error('another process runs under this instance name; letting go of everything', {
      code: 'INSTANCE_REPLACED',
    })
    this.#letGo()
  }

  async #look(): Promise<void> {
    if (this.#state === 'replaced') return
    const { members, leases } = parseEntries(await this.#bucket.read())
    const nowMs = performance.now()
    this.#sightings = observe(this.#sightings, members, nowMs)
    const { take, give } = plan({
      self: this.#self,
      partitions: this.#options.partitions,
      live: liveMembers(members, this.#sightings, nowMs, this.#expiryMs),
      leases,
      held: new Set(this.#held.keys()),
      releasing: new Set(this.#releasing.keys()),
    })
    for (const partition of give) this.#giveUp(partition)
    await Promise.all(take.map((lease) => this.#take(lease)))
  }

  async #take({ partition, epoch: last, revision: expected }: Lease): Promise<void> {
    const epoch = last + 1
    const revision = await this.#bucket.compareAndSet(partitionKey(partition), { holder: this.#self, epoch }, expected)
    if (revision === undefined) return
    const held: Held = { epoch, revision, lost: false, beginning: Promise.resolve() }
    this.#held.set(partition, held)
    held.beginning = this.#begin(partition, held)
  }

  async #begin(partition: number, held: Held): Promise<void> {
    try {
      held.release = (await this.#options.onAcquire(partition, held.epoch)).release
      this.#logger.info('partition acquired', { partition, epoch: held.epoch })
    } catch (error) {
      this.#logger.error('partition could not be taken up', { partition, error: toFailure(error) })
      if (this.#held.get(partition) === held) this.#giveUp(partition)
    }
  }

  #letGo(): void {
    for (const [partition, held] of this.#held) {
      held.lost = true
      this.#giveUp(partition)
    }
  }

  #giveUp(partition: number): void {
    const held = this.#held.get(partition)
    if (held === undefined) return
    this.#held.delete(partition)
    this.#releasing.set(
      partition,
      this.#end(partition, held).finally(() => this.#releasing.delete(partition)),
    )
  }

  async #end(partition: number, held: Held): Promise<void> {
    await held.beginning
    try {
      await held.release?.()
    } catch (error) {
      this.#logger.error('partition was not released cleanly', { partition, error: toFailure(error) })
    }
    if (held.lost) return
    try {
      await this.#bucket.compareAndSet(partitionKey(partition), { holder: null, epoch: held.epoch }, held.revision)
      this.#logger.info('partition released', { partition, epoch: held.epoch })
    } catch (error) {
      this.#logger.warn('release was not recorded; others take over when the lease expires', {
        partition,
        error: toFailure(error),
      })
    }
  }
}
