import { testRows, type FailureTest } from './failure-test.ts'

export const bodyTests: readonly FailureTest[] = [
  ...testRows('CHARGING', 'driver', [
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
  ...testRows('CHARGING', 'workshop', [
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
  ...testRows('BATTERY', 'driver', [
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
  ...testRows('BATTERY', 'workshop', [
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
  ...testRows('BRAKES', 'driver', [
    ['brake-squeal', 2, 'Do the brakes squeal or grind?', { 'pads-worn': 0.7 }, 0.1],
    ['pedal-soft', 2, 'Is the pedal soft, or does it sink?', { 'brake-fluid-leak': 0.8 }, 0.05],
    ['abs-lamp', 1, 'Is the ABS lamp on?', { 'wheel-speed-sensor-failed': 0.9 }, 0.08],
  ]),
  ...testRows('BRAKES', 'workshop', [
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
  ...testRows('TYRES', 'driver', [
    ['nail-seen', 3, 'Is there a nail or a cut in the tyre?', { puncture: 0.65 }, 0.03],
    [
      'looks-full',
      2,
      'Does the tyre look and feel as full as the others?',
      { 'pressure-sensor-failed': 0.95, puncture: 0.15, 'valve-leak': 0.25 },
      0.3,
    ],
  ]),
  ...testRows('TYRES', 'workshop', [
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
  ...testRows('TRANSMISSION', 'driver', [
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
  ...testRows('TRANSMISSION', 'workshop', [
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
