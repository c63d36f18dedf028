import type { TrueFault } from '../dealer/index.ts'

type Found = Pick<TrueFault, 'failureMode' | 'component' | 'parts'>

/** What a mechanic finds in a vehicle that has the fault, in the words that work orders use. */
const findings: Record<string, Found> = {
  'coolant-leak': {
    failureMode: 'coolant-leak',
    component: 'coolant hose or radiator',
    parts: ['coolant hose set', 'coolant 5 l', 'hose clamps'],
  },
  'thermostat-stuck-open': {
    failureMode: 'thermostat-stuck-open',
    component: 'thermostat',
    parts: ['thermostat', 'gasket', 'coolant 5 l'],
  },
  'water-pump': {
    failureMode: 'water-pump-worn',
    component: 'water pump',
    parts: ['water pump', 'drive belt', 'coolant 5 l'],
  },
  'battery-decay': { failureMode: 'battery-aged', component: '12 V battery', parts: ['12 V battery'] },
  alternator: { failureMode: 'alternator-worn', component: 'alternator', parts: ['alternator'] },
  'vacuum-leak': {
    failureMode: 'vacuum-leak',
    component: 'intake gasket or hose',
    parts: ['intake gasket set', 'vacuum hose'],
  },
  catalyst: { failureMode: 'catalyst-aged', component: 'catalyst', parts: ['catalyst'] },
}

/** Undefined for a fault that no mechanic has a name for. */
export function trueFaultOf(fault: string, odometerKm: number): TrueFault | undefined {
  const found = Object.hasOwn(findings, fault) ? findings[fault] : undefined
  return found && { ...found, odometerKm: Math.round(odometerKm) }
}
