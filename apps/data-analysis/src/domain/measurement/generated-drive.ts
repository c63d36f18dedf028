import type { SignalFrame } from '@pitcrew/signals'

export const startMs = Date.UTC(2026, 0, 5, 8)

/** A commuter's drive: cold start, warm-up, stop and go; wavy signals without randomness. Two frames a second. */
export function generatedDrive(variant: number, minutes = 35): SignalFrame[] {
  const engine = 'Vehicle.Powertrain.CombustionEngine'
  return Array.from({ length: minutes * 120 }, (_, index) => {
    const t = index / 2
    const wave = (period: number, size: number) => size * Math.sin((2 * Math.PI * (t + variant * 13)) / period)
    const running = t > 4
    const driving = running && t % (80 + variant * 5) < 55
    const warm = 25 + variant * 2 + (63 - variant * 2) * (1 - Math.exp(-t / 130))
    const values: Record<string, number> = {
      [`${engine}.Speed`]: running ? (driving ? 1_600 + wave(17, 250) : 800 + wave(5, 15)) : 0,
      'Vehicle.Speed': driving ? 40 + wave(23, 12) : 0,
      'Vehicle.OBD.EngineLoad': driving ? 38 + wave(9, 15) : 30,
      [`${engine}.MAP`]: driving ? 40 + wave(9, 12) : 31,
      [`${engine}.EngineCoolant.Temperature`]: Math.round(warm + (t > 500 ? wave(90, 2) : 0)),
      'Vehicle.OBD.IntakeTemp': Math.round(35 + wave(300, 5)),
      'Vehicle.LowVoltageBattery.CurrentVoltage': running ? 13.7 + 0.3 * Math.exp(-t / 300) + wave(31, 0.08) : 12.4,
      'Vehicle.OBD.ShortTermFuelTrim1': wave(7, 4),
      'Vehicle.OBD.LongTermFuelTrim1': wave(600, 1.5),
      'Vehicle.OBD.Catalyst.Bank1.Temperature1': 540 * (1 - Math.exp(-t / 90)) + wave(60, 20),
      'Vehicle.OBD.Catalyst.Bank1.Temperature2': 410 * (1 - Math.exp(-t / 160)) + wave(60, 15),
    }
    return { timeMs: startMs + t * 1_000, values, dtcs: [] }
  })
}
