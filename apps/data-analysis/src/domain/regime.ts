/**
 * What the vehicle is doing, and the few quantities that several monitors share. Owns: phase, the trip, the supply
 * envelope, catalyst means.
 *
 * Invariants:
 * 1. Constant size, plain numbers only (it is serialised as it is).
 * 2. A frame with no time since the last one (a duplicate) changes nothing but the last values.
 * 3. A trip begins with a start of the engine (not with that of a stop-start system) and after a gap in the readings;
 *    what must not be compared across trips is reset then.
 */

// Looked up once: on the hot path, and a global costs far more in the realm of a test.
const { abs, max, min } = Math
export type Phase = 'unknown' | 'off' | 'starting' | 'warm-up' | 'idle' | 'driving'

export interface Regime {
  phase: Phase
  trip: number
  /** Seconds that the engine has run in this trip, fewer after a short stop. */
  runningSeconds: number
  /** Latest run time that the ECU counts, s. */
  runTime: number
  offSeconds: number
  /** Seconds of this trip with coolant at its regulated temperature. */
  warmSeconds: number
  /** Lowest supply voltage around the last engine start; 0 when no start has been seen. */
  crankVoltage: number
  /** Upper envelope of the supply voltage while running: what the regulator delivers between load dips. */
  supplyEnvelope: number
  /** Mean square of the dips below the envelope, V^2. */
  supplyDip: number
  /** Lower envelope: how deep the dips of the last minutes went, V. */
  supplyFloor: number
  /** Seconds that the voltage has now stayed below the envelope. */
  dipSeconds: number
  catalystFront: number
  catalystRear: number
  /** Mean road speed of the last minute, km/h. */
  meanSpeed: number
}

export const tripGapMs = 600_000
/** Shorter stops are those of a stop-start system, or a stall: the engine is as warm as before and settles sooner. */
const shortStopSeconds = 60
const resettleSeconds = 15
/** Coolant at or above this is taken as regulated: thermostats open between 76 and 92 degrees. */
const warmCoolant = 80
/** Alternator and mixture control need this long to settle after a start. */
export const settledSeconds = 60

/** A load dip is deeper than this and over sooner. */
const dipVolts = 0.35
const longestDipSeconds = 28

const paths = {
  rpm: 'Vehicle.Powertrain.CombustionEngine.Speed',
  runTime: 'Vehicle.OBD.RunTime',
  speed: 'Vehicle.Speed',
  coolant: 'Vehicle.Powertrain.CombustionEngine.EngineCoolant.Temperature',
  voltage: 'Vehicle.LowVoltageBattery.CurrentVoltage',
  catalystFront: 'Vehicle.OBD.Catalyst.Bank1.Temperature1',
  catalystRear: 'Vehicle.OBD.Catalyst.Bank1.Temperature2',
} as const

export const regimeSignals: readonly string[] = Object.values(paths)

export function createRegime(): Regime {
  return {
    phase: 'unknown',
    trip: 0,
    runningSeconds: 0,
    runTime: 0,
    offSeconds: 0,
    warmSeconds: 0,
    crankVoltage: 0,
    supplyEnvelope: 0,
    supplyDip: 0,
    supplyFloor: 0,
    dipSeconds: 0,
    catalystFront: 0,
    catalystRear: 0,
    meanSpeed: 0,
  }
}

export const isRunning = ({ phase }: Regime) => phase === 'idle' || phase === 'driving' || phase === 'warm-up'

/** Implicit Euler step of an exponential mean: exact enough, and safe for any step, also none with no time constant yet. */
export const follow = (mean: number, value: number, step: number, tau: number) =>
  step > 0 ? mean + ((value - mean) * step) / (tau + step) : mean

/** Advances the regime to the latest values, in place. `step` is seconds since the frame before. */
export function advanceRegime(regime: Regime, values: Record<string, number>, step: number): void {
  const voltage = values[paths.voltage]
  advanceEngine(regime, values, step)
  if (voltage !== undefined) advanceSupply(regime, voltage, step)
  const front = values[paths.catalystFront]
  const rear = values[paths.catalystRear]
  if (front !== undefined && rear !== undefined && isRunning(regime)) {
    regime.catalystFront = regime.catalystFront === 0 ? front : follow(regime.catalystFront, front, step, 60)
    regime.catalystRear = regime.catalystRear === 0 ? rear : follow(regime.catalystRear, rear, step, 60)
  }
}

export function beginTrip(regime: Regime): void {
  Object.assign(regime, createRegime(), { trip: regime.trip + 1 })
}

function advanceEngine(regime: Regime, values: Record<string, number>, step: number): void {
  const rpm = values[paths.rpm]
  if (rpm === undefined) return
  const speed = abs(values[paths.speed] ?? 0)
  regime.meanSpeed = follow(regime.meanSpeed, speed, step, 60)
  if (rpm < 300) {
    if (regime.phase !== 'off') regime.crankVoltage = regime.offSeconds = 0
    regime.offSeconds += step
    regime.phase = 'off'
    return
  }
  const runTime = values[paths.runTime] ?? 0
  // The ECU counts from zero again only after the key was off, however little of that was seen.
  const keyCycled = runTime < regime.runTime - 5
  const started = keyCycled || (regime.phase === 'off' && regime.offSeconds > shortStopSeconds)
  if (started) startTrip(regime)
  else if (regime.phase === 'off') regime.runningSeconds = min(regime.runningSeconds, settledSeconds - resettleSeconds)
  regime.runTime = runTime
  // The engine may have started at any moment since the frame before.
  regime.runningSeconds += started ? 0 : step
  const coolant = values[paths.coolant]
  if (coolant !== undefined && coolant >= warmCoolant) regime.warmSeconds += step
  if (regime.runningSeconds < settledSeconds) regime.phase = 'starting'
  else if (coolant !== undefined && regime.warmSeconds < 30) regime.phase = 'warm-up'
  else regime.phase = speed < 2 ? 'idle' : 'driving'
}

/** A trip that begins with a start of the engine: what led up to it still counts. */
function startTrip(regime: Regime): void {
  const { crankVoltage } = regime
  beginTrip(regime)
  regime.crankVoltage = crankVoltage
}

function advanceSupply(regime: Regime, voltage: number, step: number): void {
  const aroundStart = regime.phase === 'off' || (regime.phase === 'starting' && regime.runningSeconds < 5)
  if (aroundStart) regime.crankVoltage = regime.crankVoltage === 0 ? voltage : min(regime.crankVoltage, voltage)
  if (!isRunning(regime)) {
    regime.supplyEnvelope = 0
    regime.supplyDip = 0
    regime.supplyFloor = regime.dipSeconds = 0
    return
  }
  const { supplyEnvelope: envelope } = regime
  if (envelope === 0) regime.supplyEnvelope = regime.supplyFloor = voltage
  else {
    // No consumer is on for so long without a pause: what stays low is what the regulator delivers now.
    regime.dipSeconds = voltage < envelope - dipVolts ? regime.dipSeconds + step : 0
    const falling = regime.dipSeconds > longestDipSeconds ? 4 : 60
    regime.supplyEnvelope = follow(envelope, voltage, step, voltage > envelope ? 5 : falling)
  }
  regime.supplyFloor = follow(regime.supplyFloor, voltage, step, voltage < regime.supplyFloor ? 2 : 120)
  const dip = max(regime.supplyEnvelope - voltage, 0)
  if (regime.dipSeconds > longestDipSeconds) {
    // It was none: neither the battery nor what it should have buffered is to blame.
    regime.supplyFloor = regime.supplyEnvelope
    regime.supplyDip = 0
    return
  }
  regime.supplyDip = follow(regime.supplyDip, dip * dip, step, 60)
}
