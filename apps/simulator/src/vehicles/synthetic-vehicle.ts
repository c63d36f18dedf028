/**
 * A petrol car of 1.6 litres as its control units report it, one second a step. The model is of first order throughout:
 * what matters is that signals move together as they do in a real car, and that a healthy one stays within the levels
 * that real logs (carobd) show: regulated coolant 86 to 92 degrees, supply 13.5 to 13.9 V, trims within 8 %, rear over
 * front catalyst 0.70 to 0.78.
 *
 * Everything follows from the seed: the same seed gives the same drive, second by second.
 */
import type { SignalFrame } from '@pitcrew/signals'
import { createDriveCycle } from './drive-cycle.ts'
import { between, normal, seededRandom, type Random } from './random.ts'
import { paths } from './signal-paths.ts'

interface Build {
  idleRpm: number
  regulatedCoolant: number
  regulatedVoltage: number
  longTrim: number
  ambient: number
  tyrePressure: number
  padWear: number
  odometer: number
}

interface State {
  seconds: number
  speed: number
  acceleration: number
  rpm: number
  load: number
  coolant: number
  oil: number
  catalyst: number
  intake: number
  fuel: number
  odometer: number
}

/** Revolutions per minute for each km/h, and the speed up to which the gear is used. */
const gears = [
  { ratio: 110, upTo: 18 },
  { ratio: 62, upTo: 34 },
  { ratio: 42, upTo: 54 },
  { ratio: 32, upTo: 78 },
  { ratio: 25, upTo: Infinity },
]

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high)
const quantise = (value: number, step: number) => Math.round(value / step) * step
const towards = (value: number, target: number, tauSeconds: number) => value + (target - value) / tauSeconds

/** A function that gives the next second's frame; `timeMs` is the device's time of it. */
export function createSyntheticVehicle(seed: number | string): (timeMs: number) => SignalFrame {
  const random = seededRandom(seed)
  const build = buildOf(random)
  const drive = createDriveCycle(random)
  const state = parked(build, random)
  return (timeMs) => {
    const { targetSpeed } = drive()
    advanceMotion(state, build, targetSpeed)
    advanceHeat(state, build)
    return { timeMs, values: sensors(state, build, random), dtcs: [] }
  }
}

function buildOf(random: Random): Build {
  return {
    idleRpm: between(random, 740, 860),
    regulatedCoolant: between(random, 87, 90),
    regulatedVoltage: between(random, 13.65, 13.85),
    longTrim: between(random, -2.5, 2.5),
    ambient: between(random, 14, 30),
    tyrePressure: between(random, 225, 240),
    padWear: between(random, 5, 55),
    odometer: between(random, 4_000, 140_000) * 1000,
  }
}

function parked({ ambient, idleRpm, odometer }: Build, random: Random): State {
  return {
    seconds: 0,
    speed: 0,
    acceleration: 0,
    rpm: idleRpm,
    load: 25,
    // Driven a few hours ago: not quite cold.
    coolant: ambient + between(random, 5, 30),
    oil: ambient + between(random, 5, 20),
    catalyst: ambient + 40,
    intake: ambient + 5,
    fuel: between(random, 40, 98),
    odometer,
  }
}

function advanceMotion(state: State, build: Build, targetSpeed: number): void {
  const before = state.speed
  state.seconds += 1
  state.speed = clamp(targetSpeed, state.speed - 9, state.speed + clamp(8 - state.speed / 16, 1.5, 8))
  state.acceleration = state.speed - before
  const gear = gears.find(({ upTo }) => state.speed <= upTo)!
  const coldIdle = build.idleRpm + 350 * clamp((50 - state.coolant) / 50, 0, 1)
  state.rpm = towards(state.rpm, Math.max(coldIdle, state.speed * gear.ratio), 1.5)
  const roadLoad = state.speed * 0.14 + state.speed ** 2 * 0.0022
  const wanted = state.acceleration < -2 ? 12 : 23 + roadLoad + Math.max(0, state.acceleration) * 6
  state.load = towards(state.load, clamp(wanted, 10, 92), 1.5)
  state.odometer += state.speed / 3.6
  state.fuel = Math.max(6, state.fuel - (state.rpm * state.load) / 2.2e8)
}

function advanceHeat(state: State, build: Build): void {
  const heat = (state.rpm / 1000) * (state.load / 100)
  // Below the thermostat all heat stays; above it the radiator holds the level, a little higher under load.
  if (state.coolant < build.regulatedCoolant - 1) state.coolant += 0.06 + 0.16 * heat
  else state.coolant = towards(state.coolant, build.regulatedCoolant + clamp(heat - 0.5, -0.5, 1) * 1.5, 40)
  state.oil = towards(state.oil, Math.min(state.coolant + 6 + 2 * heat, 108), 150)
  state.catalyst = towards(state.catalyst, 430 + 130 * clamp(heat, 0, 2.2), 60)
  state.intake = towards(state.intake, build.ambient + (state.speed > 30 ? 6 : 14), 90)
}

function sensors(state: State, build: Build, random: Random): Record<string, number> {
  const { rpm, load, speed } = state
  const noise = (deviation: number) => normal(random) * deviation
  const map = clamp(26 + load * 0.74 + noise(0.6), 18, 101)
  const values: Record<string, number> = {
    [paths.speed]: quantise(speed, 1),
    [paths.odometer]: Math.round(state.odometer),
    [paths.rpm]: quantise(rpm + noise(8), 0.25),
    [paths.coolant]: quantise(state.coolant + noise(0.15), 1),
    [paths.oilTemperature]: quantise(state.oil, 1),
    [paths.oilPressure]: quantise(oilPressure(state) + noise(4), 1),
    [paths.map]: quantise(map, 1),
    // Speed-density: half the displacement each revolution, filled to MAP, air at 1.2 g/l.
    [paths.maf]: quantise((rpm / 120) * 1.6 * (map / 101) * 1.2 * 0.85, 0.01),
    [paths.throttle]: clamp(quantise(11 + load * 0.55 + noise(0.4), 100 / 255), 0, 100),
    [paths.load]: clamp(quantise(load + noise(0.5), 100 / 255), 0, 100),
    [paths.shortTrim]: quantise(clamp(noise(1.4), -6, 6), 0.78125),
    [paths.longTrim]: quantise(build.longTrim + Math.sin(state.seconds / 900) * 0.6, 0.78125),
    [paths.timing]: quantise(clamp(6 + rpm / 160 - load * 0.12 + noise(0.8), -10, 45), 0.5),
    [paths.intake]: quantise(state.intake, 1),
    [paths.runTime]: state.seconds % 65_536,
    [paths.barometer]: 100,
    [paths.catalystFront]: quantise(state.catalyst, 0.1),
    [paths.catalystRear]: quantise(state.catalyst * 0.74, 0.1),
    [paths.voltage]: quantise(supplyVoltage(state, build) + noise(0.025), 0.001),
    [paths.ambient]: quantise(build.ambient, 1),
    [paths.fuel]: clamp(quantise(state.fuel + noise(0.2), 100 / 255), 0, 100),
  }
  const warmTyre = 14 * (1 - Math.exp(-state.seconds / 900))
  paths.tyres.forEach((path, i) => (values[path] = quantise(build.tyrePressure + warmTyre - i + noise(0.3), 0.5)))
  paths.pads.forEach((path, i) => (values[path] = quantise(build.padWear + i, 0.1)))
  return values
}

/** Rises with engine speed to the relief valve; thin when hot. */
function oilPressure({ rpm, oil }: State): number {
  return Math.min(350, 110 + rpm * 0.19) * (1 + clamp(90 - oil, 0, 60) / 400)
}

/** Just after the start the battery takes back what cranking took; switched consumers pull a little. */
function supplyVoltage({ seconds }: State, { regulatedVoltage }: Build): number {
  const recharge = 0.25 * Math.exp(-seconds / 25)
  const consumers = (seconds % 61 < 14 ? 0.05 : 0) + (seconds % 17 < 3 ? 0.04 : 0)
  return regulatedVoltage - recharge - consumers
}
