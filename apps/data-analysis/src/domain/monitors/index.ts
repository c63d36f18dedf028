import type { Monitor } from '../monitor.ts'
import { chassisMonitors } from './chassis.ts'
import { coolingMonitors } from './cooling.ts'
import { electricalMonitors } from './electrical.ts'
import { engineMonitors } from './engine.ts'

export const monitors: readonly Monitor[] = [
  ...coolingMonitors,
  ...electricalMonitors,
  ...engineMonitors,
  ...chassisMonitors,
]
