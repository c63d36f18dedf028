/**
 * Runs the partitions whose leases this instance holds, and answers for them. Orchestrators come and go; the leases spread
 * the partitions over those that live, and the fence in the log decides should two ever think they lead the same one.
 */
import { Retryable, Terminal, toFailure, toWire, type Failure } from '@pitcrew/errors'
import { holdPartitions, type Messaging, type Subscription } from '@pitcrew/messaging'
import { Partition, systemClock, type Clock, type Definitions } from '@pitcrew/workflow'
import { decodeRequest, encode, toEvent, type Reply, type Request } from './inbox.ts'
import { JetStreamLog } from './log.ts'
import { JetStreamSnapshots } from './snapshots.ts'
import { inboxSubject } from './streams.ts'
import { JetStreamTaskQueue } from './task-queue.ts'

export interface HostOptions {
  messaging: Messaging
  definitions: Definitions
  partitions: number
  instance: string
  clock?: Clock
  snapshotEvery?: number
  /** False refuses the result of an agent that may not work at present; the task is then left to another. */
  mayReport?: (agent: string) => boolean
  /** Last sequence of the log that the projection has taken in; what is behind it may not be cut. */
  projected: (partition: number) => Promise<number>
  onTrouble: (partition: number, failure: Failure) => void
}

export interface WorkflowHost {
  /** Partitions that this instance leads. */
  held(): number[]
  /** Workflows in memory. */
  size(): number
  stop(): Promise<void>
}

export async function hostWorkflows(options: HostOptions): Promise<WorkflowHost> {
  const leading = new Map<number, Leadership>()
  const leases = await holdPartitions({
    messaging: options.messaging,
    group: 'workflow',
    partitions: options.partitions,
    instance: options.instance,
    onAcquire: async (number) => {
      const leadership = new Leadership(options, number)
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
  #partition: Partition | undefined
  #inbox: Subscription | undefined
  #again: NodeJS.Timeout | undefined
  #ended = false

  constructor(options: HostOptions, number: number) {
    this.#options = options
    this.#number = number
  }

  get size(): number {
    return this.#partition?.size ?? 0
  }

  async begin(): Promise<void> {
    try {
      this.#partition = await this.#open()
      const respond = async (data: Uint8Array): Promise<Uint8Array> => encode(await this.#answer(data))
      this.#inbox = await this.#options.messaging.respond(inboxSubject(this.#number), {}, respond)
    } catch (error) {
      this.#lost(toFailure(error))
    }
  }

  async end(): Promise<void> {
    this.#ended = true
    clearTimeout(this.#again)
    await this.#inbox?.stop()
    await this.#partition?.close()
  }

  async #open(): Promise<Partition> {
    const { messaging, definitions, clock = systemClock, snapshotEvery } = this.#options
    const { connection } = messaging
    const log = new JetStreamLog(connection, this.#number)
    const snapshots = new JetStreamSnapshots(connection, this.#number, async (covered) => {
      await log.cut(Math.min(covered, await this.#options.projected(this.#number)))
    })
    return Partition.open({
      definitions,
      log,
      snapshots,
      tasks: new JetStreamTaskQueue(connection, this.#number),
      clock,
      ...(snapshotEvery !== undefined && { snapshotEvery }),
      onTrouble: (failure) => this.#options.onTrouble(this.#number, failure),
      onLost: (reason) => this.#lost(reason),
    })
  }

  #lost(reason: Failure): void {
    this.#partition = undefined
    if (this.#ended) return
    this.#options.onTrouble(this.#number, reason)
    void this.#inbox?.stop()
    this.#inbox = undefined
    this.#again = setTimeout(() => void this.begin(), reason.code === 'FENCED' ? fencedPauseMs : retryPauseMs)
  }

  async #answer(data: Uint8Array): Promise<Reply> {
    const partition = this.#partition
    if (!partition) return { error: toWire(new Retryable('NOT_LEADER', 'this instance does not lead the partition')) }
    return answer(this.#options, partition, data)
  }
}

async function answer(options: HostOptions, partition: Partition, data: Uint8Array): Promise<Reply> {
  try {
    const request = decodeRequest(data)
    if (request.op === 'get') return get(partition, request.id)
    refuseBlocked(options, request)
    const { id, event } = toEvent(request)
    await partition.submit(id, event)
    return { ok: true }
  } catch (error) {
    return { error: toWire(toFailure(error)) }
  }
}

function get(partition: Partition, id: string): Reply {
  const broken = partition.broken.get(id)
  if (broken) return { error: toWire(broken) }
  const workflow = partition.get(id)
  if (!workflow) return { error: toWire(new Terminal('NOT_FOUND', `no workflow ${id} is open`)) }
  return { ok: true, workflow }
}

function refuseBlocked({ mayReport }: HostOptions, request: Request): void {
  if (request.op !== 'task-result' || !mayReport) return
  const { agent } = request.result as { agent?: string }
  if (agent === undefined || mayReport(agent)) return
  throw new Terminal('BLOCKED', `${agent} is blocked; its results are not taken`)
}
