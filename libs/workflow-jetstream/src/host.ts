/**
 * Runs the partitions whose leases this instance holds, and answers for them. Orchestrators come and go; the leases spread
 * the partitions over those that live, and the fence in the log decides should two ever think they lead the same one.
 */
import { Retryable, toFailure, toWire, type Failure } from '@pitcrew/errors'
import { holdPartitions, partitionOf, type Messaging, type Subscription } from '@pitcrew/messaging'
import {
  Admissions,
  LocalTasks,
  Partition,
  systemClock,
  type Clock,
  type Definitions,
  type Incoming,
  type LocalAgent,
  type PartitionOptions,
  type Peers,
  type TaskQueue,
} from '@pitcrew/workflow'
import { answer } from './answer.ts'
import { askLeader, clientOver, patienceMs, patiently, type WorkflowClient } from './client.ts'
import { decodeRequest, encode, type Answer, type Asked, type Reply, type Request } from './inbox.ts'
import { JetStreamLog } from './log.ts'
import { JetStreamSnapshots } from './snapshots.ts'
import { takeResults } from './results.ts'
import { inboxSubject, resultsSubject } from './streams.ts'
import { JetStreamTaskQueue } from './task-queue.ts'

export interface HostOptions {
  messaging: Messaging
  definitions: Definitions
  partitions: number
  instance: string
  clock?: Clock
  snapshotEvery?: number
  /** Capabilities that are done in this process, by name; the others go to agents. */
  local?: Readonly<Record<string, LocalAgent>>
  /** M7: workflows that are worked on at once by this instance; the others wait, the most pressing first. */
  maxActive?: number
  /** False refuses the result of an agent that may not work at present; the task is then left to another. */
  mayReport?: (agent: string) => boolean
  /** Last sequence of the log that the projection has taken in; what is behind it may not be cut. */
  projected: (partition: number) => Promise<number>
  onTrouble: (partition: number, failure: Failure) => void
}

export interface WorkflowHost {
  /** Of any workflow; what is led here is asked without the way over the broker. */
  client: WorkflowClient
  /** Partitions that this instance leads. */
  held(): number[]
  /** Workflows in memory. */
  size(): number
  stop(): Promise<void>
}

export async function hostWorkflows(options: HostOptions): Promise<WorkflowHost> {
  const leading = new Map<number, Leadership>()
  const ask = askLeader(options)
  const here = async (request: Request): Promise<Answer> => {
    const partition = leading.get(partitionOf(request.id, options.partitions))?.partition
    return partition ? answer(partition, request) : ask(request)
  }
  const peers: Peers = { submit: async (id, event) => void (await here({ op: 'submit', id, event: event as Asked })) }
  const { clock = systemClock, maxActive } = options
  const admission = new Admissions({ clock, ...(maxActive !== undefined && { maxActive }) })
  const leases = await holdPartitions({
    messaging: options.messaging,
    group: 'workflow',
    partitions: options.partitions,
    instance: options.instance,
    onAcquire: async (number) => {
      const leadership = new Leadership(options, number, { peers, admission })
      leading.set(number, leadership)
      await leadership.begin()
      return {
        release: async () => {
          leading.delete(number)
          await leadership.end()
        },
      }
    },
  })
  return {
    client: clientOver((request) => patiently(request.id, patienceMs, () => here(request))),
    held: () => [...leading.keys()],
    size: () => [...leading.values()].reduce((sum, { size }) => sum + size, 0),
    stop: () => leases.stop(),
  }
}

/** How long to wait after being fenced, so that a lease that has moved is noticed first. Longer than a lease lives. */
const fencedPauseMs = 5_000
const retryPauseMs = 500

/**
 * One partition while this instance holds its lease. A partition that lost the log (a frame may not have been written) is
 * read back and taken up again, until the lease goes.
 */
class Leadership {
  readonly #options: HostOptions
  readonly #number: number
  readonly #shared: Pick<PartitionOptions, 'peers' | 'admission'>
  readonly #queue: JetStreamTaskQueue
  #partition: Partition | undefined
  #doors: Subscription[] = []
  #again: NodeJS.Timeout | undefined
  #ended = false

  constructor(options: HostOptions, number: number, shared: Pick<PartitionOptions, 'peers' | 'admission'>) {
    this.#options = options
    this.#number = number
    this.#shared = shared
    this.#queue = new JetStreamTaskQueue(options.messaging.connection, number)
  }

  get size(): number {
    return this.#partition?.size ?? 0
  }

  get partition(): Partition | undefined {
    return this.#partition
  }

  async begin(): Promise<void> {
    try {
      this.#partition = await this.#open()
      const { messaging } = this.#options
      this.#doors = [
        await messaging.respond(inboxSubject(this.#number), {}, async (data) => encode(await this.#answer(data))),
        await messaging.respond(resultsSubject(this.#number), {}, (data) => this.#take(data)),
      ]
    } catch (error) {
      this.#lost(toFailure(error))
    }
  }

  async end(): Promise<void> {
    this.#ended = true
    clearTimeout(this.#again)
    await Promise.all(this.#doors.map((door) => door.stop()))
    await this.#partition?.close()
  }

  async #open(): Promise<Partition> {
    const { messaging, definitions, clock = systemClock, snapshotEvery } = this.#options
    const { connection } = messaging
    const log = new JetStreamLog(connection, this.#number)
    const snapshots = new JetStreamSnapshots(connection, this.#number, async (covered) => {
      await log.cut(Math.min(covered, await this.#options.projected(this.#number)))
    })
    const partition: Partition = await Partition.open({
      definitions,
      log,
      snapshots,
      tasks: this.#tasks((id, event) => partition.submit(id, event), clock),
      ...this.#shared,
      clock,
      ...(snapshotEvery !== undefined && { snapshotEvery }),
      onTrouble: (failure) => this.#options.onTrouble(this.#number, failure),
      onLost: (reason) => this.#lost(reason),
    })
    return partition
  }

  #tasks(submit: (id: string, event: Incoming) => Promise<void>, clock: Clock): TaskQueue {
    const { local, instance, onTrouble } = this.#options
    const queue = this.#queue
    if (!local) return queue
    const trouble = (failure: Failure) => onTrouble(this.#number, failure)
    return new LocalTasks({ agents: local, elsewhere: queue, submit, clock, name: instance, onTrouble: trouble })
  }

  #lost(reason: Failure): void {
    this.#partition = undefined
    if (this.#ended) return
    this.#options.onTrouble(this.#number, reason)
    for (const door of this.#doors) void door.stop()
    this.#doors = []
    this.#again = setTimeout(() => void this.begin(), reason.code === 'FENCED' ? fencedPauseMs : retryPauseMs)
  }

  async #answer(data: Uint8Array): Promise<Reply> {
    try {
      return await answer(this.#lead(), decodeRequest(data))
    } catch (error) {
      return { error: toWire(toFailure(error)) }
    }
  }

  async #take(data: Uint8Array): Promise<Uint8Array> {
    const partition = this.#lead()
    const { mayReport } = this.#options
    return takeResults(data, {
      submit: (id, event) => partition.submit(id, event),
      onDuration: (capability, ms) => this.#queue.learn(capability, ms),
      ...(mayReport && { mayReport }),
    })
  }

  #lead(): Partition {
    if (this.#partition) return this.#partition
    throw new Retryable('NOT_LEADER', 'this instance does not lead the partition')
  }
}
