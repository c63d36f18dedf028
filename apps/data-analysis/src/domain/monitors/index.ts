import type { Monitor } from '../monitor.ts'
import { chassisMonitors } from './chassis.ts'
import { coolingMonitors } from './cooling.ts'
import { electricalMonitors } from './electrical.ts'
import { engineMonitors, engineSignals } from './engine.ts'

export const monitors: readonly Monitor[] = [
  ...coolingMonitors,
  ...electricalMonitors,
  ...engineMonitors,
  ...chassisMonitors,
]

/** What measures read beside the signal of their monitor. */
export const measuredSignals: readonly string[] = engineSignals
