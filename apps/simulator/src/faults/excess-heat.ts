import type { SignalFrame } from '@pitcrew/signals'
import { clamp, paths, quantise, withChanges } from './fault.ts'
import { createCodeLatch } from './fault-clock.ts'

/** Heat that a 1.5 l petrol engine gives to its coolant at full load, per 1000 rpm, W (about 30 % of the fuel's heat). */
const heatPerKiloRpm = 12_000
/** Heat capacity of block, head and coolant, J/K. */
const capacity = 70_000
/** Seconds in which a healthy remainder of the cooling system takes excess heat away. */
const recovery = 150
/** The thermostat begins to open here, celsius. Below it the radiator plays no part, so neither does its fault. */
const thermostatOpens = 78
/** The ECU's threshold for P0217, celsius, and for the radiator fan. */
const overTemperature = 118
const fanOn = 96

/**
 * Coolant above its regulated temperature when a share `deficit` (0 healthy, 1 no cooling) of the heat cannot leave:
 * C dX/dt = deficit * Q(load, rpm) - (1 - deficit) * C * X / recovery. Side effects: the fan's current lowers the
 * supply voltage, the engine bay warms the intake air, and the ECU sets P0217 after 10 s above 118 degrees.
 */
export function createExcessHeat(): (frame: SignalFrame, deficit: number, step: number) => SignalFrame {
  let excess = 0
  const overheated = createCodeLatch('P0217', 10)
  return (frame, deficit, step) => {
    const { values } = frame
    const base = values[paths.coolant]
    if (base === undefined) return frame
    const running = (values[paths.rpm] ?? 0) > 300
    const load = clamp((values[paths.load] ?? 30) / 100, 0.1, 1)
    const heat = running && base >= thermostatOpens ? (heatPerKiloRpm * load * (values[paths.rpm] ?? 0)) / 1000 : 0
    excess += step * ((deficit * heat) / capacity - ((1 - deficit) * excess) / recovery)
    excess = clamp(excess, 0, 60)
    if (excess < 0.5) return frame
    const temperature = Math.min(quantise(base + excess, 1), 155)
    const changes: Record<string, number> = { [paths.coolant]: temperature }
    const intake = values[paths.intake]
    const voltage = values[paths.voltage]
    if (intake !== undefined) changes[paths.intake] = quantise(intake + excess * 0.1, 1)
    if (voltage !== undefined && temperature > fanOn && base <= fanOn) changes[paths.voltage] = voltage - 0.12
    return withChanges(frame, changes, overheated(temperature >= overTemperature, step))
  }
}
