/** Frames of 25 signals of the catalogue that walk through their plausible ranges in steps that a sensor would give. */
import { telemetry } from '@pitcrew/contracts'
import { signals } from '@pitcrew/signals'
import { signalsPerFrame, vehicles } from './contenders.ts'

export interface Turn {
  /** Unique to it in a run: names its vehicles, so that no frame is another's duplicate. */
  name: string
  frames: number
  /** Device time of its last frames. */
  nowMs: number
}

const measured = signals.filter(({ min, max, path }) => max - min > 10 && path.includes('.')).slice(0, signalsPerFrame)

interface Range {
  min: number
  max: number
}

export const vehicleOf = (turn: Turn, index: number): string =>
  `bench-${turn.name}-${index % Math.min(vehicles, turn.frames)}`

/** Every vehicle a frame of its own second, in turn. */
export function* framesOf(turn: Turn): Generator<telemetry.RawFrame> {
  const fleet = Math.min(vehicles, turn.frames)
  const seconds = Math.ceil(turn.frames / fleet)
  for (let index = 0; index < turn.frames; index++) {
    const second = Math.floor(index / fleet)
    const readings = measured.map((range, signal) => ({
      name: range.path,
      value: walk(index % fleet, second, range, signal),
      unit: '',
    }))
    const deviceTimeMs = turn.nowMs - 1_000 * (seconds - second)
    yield { ...telemetry.RawFrame.create(), vehicleId: vehicleOf(turn, index), deviceTimeMs, readings }
  }
}

/** As ingest stores it. */
export const stored = ({ vehicleId, deviceTimeMs, readings }: telemetry.RawFrame): telemetry.Frame => ({
  ...telemetry.Frame.create(),
  vehicleId,
  deviceTimeMs,
  receivedTimeMs: deviceTimeMs,
  readings: readings.map(({ name, value }) => ({ path: name, value })),
})

/** A thousand steps over the middle of the range, slower than any signal may change. */
function walk(vehicle: number, second: number, { min, max }: Range, signal: number): number {
  const share = 0.5 + 0.4 * Math.sin(second / 2_000 + signal + vehicle)
  return min + Math.round(share * 1_000) * ((max - min) / 1_000)
}

/** In groups of `size`, the last one perhaps smaller. */
export function* grouped<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let group: T[] = []
  for (const item of items) {
    group.push(item)
    if (group.length < size) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}
