/**
 * Owns: the vehicles of one partition while this instance holds it in one epoch.
 * 1. Frames are applied in stream order, each once: a sequence at or below the vehicle's own has been applied before.
 * 2. A batch is acknowledged only after its states, its alerts and their events were stored together; so a crash at any
 *    moment is followed by the same frames meeting the same states.
 * 3. A batch that fails leaves nothing behind in memory.
 */
import type { telemetry } from '@pitcrew/contracts'
import type { Delivery } from '@pitcrew/messaging'
import type { Telemetry } from '@pitcrew/observability'
import { forgetSystem, noteRepair, settleAlert } from '../domain/index.ts'
import type { Surroundings } from '../domain/surroundings.ts'
import type { AnalysisMetrics, Tally } from '../metrics.ts'
import { advanceVehicle, alertChangeOf } from './advance-vehicle.ts'
import type { AlertChange, Settlement, StateStore, WatchedVehicle } from './ports.ts'
import { SurroundingsAtHand } from './surroundings-at-hand.ts'
import type { SurroundingsSource } from './surroundings.ts'
import { VehiclesAtHand } from './vehicles-at-hand.ts'

type Frame = Delivery<telemetry.Frame>

export interface PartitionWork {
  partition: number
  epoch: number
  store: StateStore
  surroundings: SurroundingsSource
  telemetry: Telemetry
  metrics: AnalysisMetrics
  mostVehicles: number
  /** Sequence of the newest stored frame of the vehicle; undefined when there is none. */
  newestSequence(vehicleId: string): Promise<number | undefined>
  /** Called after alerts were stored. */
  onAlerts(): void
  now(): number
}

interface Applying {
  vehicles: ReadonlyMap<string, WatchedVehicle>
  around: ReadonlyMap<string, Surroundings>
  changed: Map<string, WatchedVehicle>
  tally: Tally
}

export class AnalyseFrames {
  readonly #work: PartitionWork
  readonly #atHand: VehiclesAtHand
  readonly #around: SurroundingsAtHand

  constructor(work: PartitionWork) {
    this.#work = work
    this.#atHand = new VehiclesAtHand(work.store, work.mostVehicles)
    this.#around = new SurroundingsAtHand(work.surroundings, work.mostVehicles, work.now)
  }

  async handle(batch: readonly Frame[]): Promise<void> {
    const { store, metrics, partition, epoch, onAlerts, now } = this.#work
    const settlements = await store.settlements(partition)
    const vehicleIds = new Set([...batch.map(vehicleOf), ...settlements.map(({ vehicleId }) => vehicleId)])
    const tally: Tally = { analysed: 0, late: 0, repeated: 0, findings: 0, broken: [] }
    try {
      const vehicles = await this.#atHand.fetch(vehicleIds)
      // What a case that has ended did to its vehicle is known before its next frame: a service that was done is not told of.
      this.#around.forget(settlements.map(({ vehicleId }) => vehicleId))
      const around = await this.#around.fetch(vehicleIds)
      await this.#noticeNewStream(batch, vehicles)
      const changed = new Map<string, WatchedVehicle>()
      takeIn(settlements, vehicles, around, changed)
      const alerts = await this.#apply(batch, { vehicles, around, changed, tally })
      const settled = settlements.map(({ position }) => position)
      if (changed.size > 0 || settled.length > 0)
        await store.advance({ partition, epoch, vehicles: [...changed.values()], alerts, settled })
      this.#atHand.keep(vehicles)
      for (const change of alerts) metrics.alert(change.kind, 'alert' in change ? change.alert.urgency : '')
      if (alerts.length > 0) onAlerts()
      metrics.batch(tally, now() - (batch[0]?.message.receivedTimeMs ?? now()))
    } catch (thrown) {
      this.#atHand.forget(vehicleIds)
      throw thrown
    }
  }

  async #apply(batch: readonly Frame[], { vehicles, around, changed, tally }: Applying): Promise<AlertChange[]> {
    const alerts: AlertChange[] = []
    for (const frame of batch) {
      const vehicleId = vehicleOf(frame)
      const watched = vehicles.get(vehicleId)!
      if (frame.sequence <= watched.sequence) {
        tally.repeated++
        continue
      }
      const decisions = advanceVehicle(watched, frame, around.get(vehicleId)!, tally)
      changed.set(vehicleId, watched)
      for (const decision of decisions) alerts.push(await alertChangeOf(this.#work.telemetry, watched, frame, decision))
    }
    return alerts
  }

  /**
   * A broker that lost its data counts from 1 again, and every frame would seem to be applied already. In the stream that
   * a state was built from, its vehicle's newest frame is never older than the state.
   */
  async #noticeNewStream(batch: readonly Frame[], vehicles: ReadonlyMap<string, WatchedVehicle>): Promise<void> {
    const suspects = new Set<string>()
    for (const frame of batch)
      if (frame.sequence <= vehicles.get(vehicleOf(frame))!.sequence) suspects.add(vehicleOf(frame))
    await Promise.all(
      [...suspects].map(async (vehicleId) => {
        const watched = vehicles.get(vehicleId)!
        const newest = await this.#work.newestSequence(vehicleId)
        if (newest !== undefined && newest < watched.sequence) watched.sequence = 0
      }),
    )
  }
}

const vehicleOf = ({ message }: Frame): string => message.vehicleId

function takeIn(
  settlements: readonly Settlement[],
  vehicles: ReadonlyMap<string, WatchedVehicle>,
  around: ReadonlyMap<string, Surroundings>,
  changed: Map<string, WatchedVehicle>,
): void {
  for (const { vehicleId, system, alertId, repaired, component, repairedAtMs } of settlements) {
    const watched = vehicles.get(vehicleId)!
    if (repaired) forgetSystem(watched.state, system)
    else settleAlert(watched.state, system, alertId)
    if (component !== null && repairedAtMs !== null)
      noteRepair(watched.state.models, around.get(vehicleId)!, component, repairedAtMs)
    changed.set(vehicleId, watched)
  }
}
