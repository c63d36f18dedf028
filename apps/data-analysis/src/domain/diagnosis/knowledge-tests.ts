/**
 * Tests that tell failure modes apart: what a driver can say, and what a workshop measures. Probabilities of a yes are
 * workshop experience, as those of the modes are. A mode that is not listed answers as `otherwise`.
 */
import type { VehicleSystem } from '@pitcrew/signals'
import type { FailureTest } from './failure-test.ts'

type Row = readonly [name: string, minutes: number, question: string, yes: FailureTest['yes'], otherwise: number]

const rows = (system: VehicleSystem, asks: FailureTest['asks'], table: readonly Row[]): FailureTest[] =>
  table.map(([name, minutes, question, yes, otherwise]) => ({ name, system, asks, minutes, question, yes, otherwise }))

export const failureTests: readonly FailureTest[] = [
  ...rows('COOLING', 'driver', [
    [
      'coolant-puddle',
      2,
      'Is there a puddle under the parked vehicle, or a sweet smell?',
      { 'coolant-leak': 0.75, 'water-pump-worn': 0.35 },
      0.04,
    ],
    [
      'coolant-refilled',
      2,
      'Did coolant have to be refilled lately?',
      { 'coolant-leak': 0.8, 'water-pump-worn': 0.35 },
      0.06,
    ],
    [
      'heater-cold',
      2,
      'Does the heater blow cold although the engine has been running for long?',
      { 'thermostat-stuck-open': 0.8, 'coolant-leak': 0.5, 'water-pump-worn': 0.35, 'thermostat-stuck-closed': 0.15 },
      0.08,
    ],
    [
      'hot-in-traffic',
      2,
      'Does it run hot in slow traffic only, and cool down on the road?',
      { 'radiator-fan-failed': 0.85, 'coolant-leak': 0.25, 'water-pump-worn': 0.08, 'thermostat-stuck-closed': 0.1 },
      0.1,
    ],
    ['pump-noise', 2, 'Does the front of the engine whine or grind?', { 'water-pump-worn': 0.55 }, 0.05],
  ]),
  ...rows('COOLING', 'workshop', [
    [
      'cooling-pressure',
      20,
      'Does the cooling system lose pressure in the pressure test?',
      { 'coolant-leak': 0.95, 'water-pump-worn': 0.3 },
      0.04,
    ],
    [
      'lower-hose-early',
      15,
      'Does the lower radiator hose warm before the engine has?',
      { 'thermostat-stuck-open': 0.95, 'thermostat-stuck-closed': 0.02 },
      0.08,
    ],
    [
      'hoses-differ',
      15,
      'With the engine hot, is the lower radiator hose cold?',
      { 'thermostat-stuck-closed': 0.9, 'water-pump-worn': 0.5, 'coolant-leak': 0.25 },
      0.05,
    ],
    [
      'fan-commanded',
      10,
      'Does the radiator fan stay still when it is commanded by the diagnostic tool?',
      { 'radiator-fan-failed': 0.95 },
      0.03,
    ],
  ]),
  ...rows('CHARGING', 'driver', [
    [
      'belt-squeal',
      2,
      'Does a belt squeal when the engine starts or consumers are switched on?',
      { 'drive-belt-slipping': 0.75 },
      0.07,
    ],
    [
      'lights-bright',
      2,
      'Do the lights get brighter with engine speed, or bulbs fail often?',
      { 'regulator-failed': 0.7, 'alternator-worn': 0.3 },
      0.15,
    ],
    [
      'battery-lamp',
      1,
      'Is the charging lamp on?',
      {
        'alternator-worn': 0.75,
        'drive-belt-slipping': 0.5,
        'regulator-failed': 0.45,
        'charging-cable-corroded': 0.15,
      },
      0.3,
    ],
  ]),
  ...rows('CHARGING', 'workshop', [
    [
      'cable-drop',
      10,
      'Is the voltage drop from alternator to battery above 0.3 V under load?',
      { 'charging-cable-corroded': 0.95 },
      0.05,
    ],
    [
      'alternator-ripple',
      15,
      'Does the scope show ripple above 0.5 V, or a missing phase?',
      { 'alternator-worn': 0.75 },
      0.06,
    ],
    ['unloaded-voltage', 10, 'Is the voltage at 2000 rpm without load above 15 V?', { 'regulator-failed': 0.75 }, 0.03],
    ['belt-looked-at', 5, 'Is the belt glazed or slack?', { 'drive-belt-slipping': 0.92 }, 0.08],
  ]),
  ...rows('BATTERY', 'driver', [
    [
      'slow-after-rest',
      2,
      'Does it start well after a drive, and badly after some days of standing?',
      { 'parasitic-drain': 0.85, 'battery-aged': 0.55, 'battery-terminal-corroded': 0.15 },
      0.2,
    ],
    [
      'start-intermittent',
      2,
      'Does it sometimes do nothing at all, and start at once when tried again?',
      { 'battery-terminal-corroded': 0.7 },
      0.08,
    ],
  ]),
  ...rows('BATTERY', 'workshop', [
    [
      'conductance',
      5,
      'Is the conductance below two thirds of its rating?',
      { 'battery-aged': 0.92, 'parasitic-drain': 0.25 },
      0.06,
    ],
    [
      'terminal-drop',
      8,
      'Is the voltage drop over the terminals while cranking above 0.3 V?',
      { 'battery-terminal-corroded': 0.92 },
      0.05,
    ],
    ['rest-current', 40, 'Is the current at rest above 50 mA?', { 'parasitic-drain': 0.95 }, 0.06],
    [
      'cell-groups',
      30,
      'Do the cell groups differ by more than 0.1 V under load?',
      { 'traction-battery-aged': 0.9 },
      0.03,
    ],
  ]),
  ...rows('FUEL_AIR', 'driver', [
    ['hiss-at-idle', 2, 'Does the engine hiss or hunt at idle?', { 'vacuum-leak': 0.65 }, 0.08],
    [
      'weak-uphill',
      2,
      'Does it lack power uphill or when overtaking, and run well otherwise?',
      { 'fuel-pump-weak': 0.8, 'air-flow-sensor-drift': 0.4 },
      0.1,
    ],
    [
      'fuel-smell',
      2,
      'Does it smell of fuel, or smoke black?',
      { 'injector-leak': 0.7, 'oxygen-sensor-aged': 0.25 },
      0.05,
    ],
  ]),
  ...rows('FUEL_AIR', 'workshop', [
    ['intake-smoke', 30, 'Does smoke leave the intake in the smoke test?', { 'vacuum-leak': 0.95 }, 0.03],
    [
      'fuel-pressure',
      20,
      'Does the fuel pressure fall under load?',
      { 'fuel-pump-weak': 0.93, 'injector-leak': 0.3 },
      0.04,
    ],
    [
      'rail-pressure-falls',
      20,
      'Does the rail pressure fall within minutes of switching off?',
      { 'injector-leak': 0.88, 'fuel-pump-weak': 0.3 },
      0.05,
    ],
    [
      'air-mass-implausible',
      10,
      'Does the measured air flow differ by 15 % from speed times displacement?',
      { 'air-flow-sensor-drift': 0.9, 'vacuum-leak': 0.25 },
      0.05,
    ],
    [
      'lambda-slow',
      10,
      'Does the front oxygen sensor take longer than 0.3 s when forced rich and lean?',
      { 'oxygen-sensor-aged': 0.9 },
      0.06,
    ],
  ]),
  ...rows('IGNITION', 'driver', [
    ['misfire-when-wet', 2, 'Is it worse in wet weather?', { 'ignition-coil-failed': 0.55 }, 0.12],
    [
      'misfire-steady',
      2,
      'Is it there all the time, and not only now and then?',
      { 'spark-plugs-worn': 0.55, 'ignition-coil-failed': 0.45, 'knock-sensor-failed': 0.1 },
      0.3,
    ],
  ]),
  ...rows('IGNITION', 'workshop', [
    [
      'coil-swapped',
      15,
      'Does the misfire follow the coil to another cylinder?',
      { 'ignition-coil-failed': 0.93 },
      0.03,
    ],
    ['plug-gap', 25, 'Are the plugs worn beyond their gap?', { 'spark-plugs-worn': 0.9 }, 0.15],
    [
      'knock-resistance',
      10,
      'Is the resistance of the knock sensor out of its range?',
      { 'knock-sensor-failed': 0.9 },
      0.03,
    ],
  ]),
  ...rows('EMISSIONS', 'driver', [
    ['exhaust-loud', 2, 'Is the exhaust louder than before, or ticks when cold?', { 'exhaust-leak': 0.8 }, 0.06],
    ['fuel-cap', 1, 'Is the fuel cap loose, or does it smell of fuel at the back?', { 'evap-leak': 0.65 }, 0.04],
    ['short-trips', 1, 'Has it been driven on short trips only?', { 'particulate-filter-loaded': 0.8 }, 0.35],
  ]),
  ...rows('EMISSIONS', 'workshop', [
    [
      'rear-lambda-follows',
      10,
      'Does the rear oxygen sensor follow the front one, warm and steady?',
      { 'catalyst-aged': 0.92, 'exhaust-leak': 0.35 },
      0.06,
    ],
    ['exhaust-smoke', 20, 'Does the exhaust leak before the catalyst?', { 'exhaust-leak': 0.92 }, 0.04],
    ['evap-smoke', 25, 'Does the evaporative system leak in the smoke test?', { 'evap-leak': 0.93 }, 0.03],
    [
      'filter-regenerated',
      40,
      'Is the pressure drop normal after a regeneration?',
      { 'particulate-filter-loaded': 0.7 },
      0.3,
    ],
  ]),
  ...rows('LUBRICATION', 'driver', [
    [
      'dipstick-low',
      3,
      'Is the oil below the lower mark of the dipstick?',
      { 'oil-level-low': 0.95, 'oil-pump-worn': 0.08, 'oil-pressure-sensor-failed': 0.08 },
      0.15,
    ],
    [
      'tappets-tick',
      2,
      'Does the engine tick or rattle when hot?',
      { 'oil-pump-worn': 0.65, 'oil-level-low': 0.4 },
      0.08,
    ],
  ]),
  ...rows('LUBRICATION', 'workshop', [
    [
      'gauge-low',
      25,
      'Does a mechanical gauge show too little pressure, cold and hot?',
      { 'oil-pump-worn': 0.92, 'oil-level-low': 0.5, 'oil-pressure-sensor-failed': 0.03 },
      0.3,
    ],
  ]),
  ...rows('BRAKES', 'driver', [
    ['brake-squeal', 2, 'Do the brakes squeal or grind?', { 'pads-worn': 0.7 }, 0.1],
    ['pedal-soft', 2, 'Is the pedal soft, or does it sink?', { 'brake-fluid-leak': 0.8 }, 0.05],
    ['abs-lamp', 1, 'Is the ABS lamp on?', { 'wheel-speed-sensor-failed': 0.9 }, 0.08],
  ]),
  ...rows('BRAKES', 'workshop', [
    ['pad-thickness', 15, 'Are the pads below 3 mm?', { 'pads-worn': 0.96 }, 0.12],
    ['brake-wet', 15, 'Is a caliper, line or the master cylinder wet?', { 'brake-fluid-leak': 0.92 }, 0.03],
    [
      'wheel-speeds-differ',
      10,
      'Does one wheel’s speed drop out on a straight road?',
      { 'wheel-speed-sensor-failed': 0.92 },
      0.03,
    ],
  ]),
  ...rows('TYRES', 'driver', [
    ['nail-seen', 3, 'Is there a nail or a cut in the tyre?', { puncture: 0.65 }, 0.03],
    [
      'looks-full',
      2,
      'Does the tyre look and feel as full as the others?',
      { 'pressure-sensor-failed': 0.95, puncture: 0.15, 'valve-leak': 0.25 },
      0.3,
    ],
  ]),
  ...rows('TYRES', 'workshop', [
    [
      'hand-gauge',
      2,
      'Does a hand gauge show the right pressure?',
      { 'pressure-sensor-failed': 0.97, puncture: 0.03, 'valve-leak': 0.04 },
      0.2,
    ],
    ['valve-bubbles', 4, 'Does the wet valve bubble?', { 'valve-leak': 0.93 }, 0.02],
    ['tyre-bath', 12, 'Does the tyre bubble under water?', { puncture: 0.96 }, 0.03],
  ]),
  ...rows('TRANSMISSION', 'driver', [
    [
      'revs-rise',
      2,
      'Do the revs rise without the vehicle going faster?',
      { 'clutch-worn': 0.9, 'transmission-fluid-low': 0.35 },
      0.06,
    ],
    [
      'harsh-shift',
      2,
      'Does it stay in one gear, or shift harshly at once after starting?',
      { 'transmission-control-failed': 0.75, 'transmission-fluid-low': 0.3 },
      0.06,
    ],
  ]),
  ...rows('TRANSMISSION', 'workshop', [
    [
      'fluid-low-or-burnt',
      15,
      'Is the fluid low, dark or burnt in smell?',
      { 'transmission-fluid-low': 0.92, 'clutch-worn': 0.3 },
      0.08,
    ],
    [
      'slip-in-top',
      15,
      'Does it slip in top gear under load?',
      { 'clutch-worn': 0.95, 'transmission-fluid-low': 0.25 },
      0.04,
    ],
  ]),
]
