import { codesOf, gently, run, type CodeRow } from './row.ts'

const misfire = (code: string, cylinder: number): CodeRow => [
  code,
  'HIGH',
  `Misfire, cylinder ${cylinder}`,
  `spark plug ${cylinder}, ignition coil ${cylinder}, injector ${cylinder}`,
  gently,
]

const coil = (code: string, place: number): CodeRow => [
  code,
  'HIGH',
  `Ignition coil ${String.fromCharCode(64 + place)} circuit`,
  'ignition coil, wiring',
  gently,
]

const noStart = 'Have it looked at before the next long drive: the engine may stop or not start.'

export const ignitionCodes = codesOf('IGNITION', [
  [
    'P0016',
    'HIGH',
    'Crankshaft and intake camshaft do not fit, bank 1',
    'timing chain or belt, phaser, sensor',
    'Drive as little as possible, and have the valve timing checked at once.',
  ],
  [
    'P0017',
    'HIGH',
    'Crankshaft and exhaust camshaft do not fit, bank 1',
    'timing chain or belt, phaser, sensor',
    'Drive as little as possible, and have the valve timing checked at once.',
  ],
  ['P0219', 'HIGH', 'Engine overspeed', 'wrong gear, speed sensor'],
  ['P0300', 'HIGH', 'Random misfire', 'spark plugs, ignition coils, vacuum leak', gently],
  ...run('P0301', 8, misfire),
  ['P0313', 'MEDIUM', 'Misfire with little fuel', 'low fuel, fuel pump'],
  ['P0315', 'LOW', 'Crankshaft variation not learned', 'relearn after a repair'],
  ['P0316', 'MEDIUM', 'Misfire after start', 'spark plugs, injector leak'],
  ['P0320', 'HIGH', 'Engine speed input circuit', 'crankshaft sensor, wiring', noStart],
  ['P0325', 'MEDIUM', 'Knock sensor circuit', 'knock sensor, wiring'],
  ['P0326', 'MEDIUM', 'Knock sensor performance', 'knock sensor, fuel quality, engine noise'],
  ['P0327', 'MEDIUM', 'Knock sensor circuit low', 'knock sensor, wiring'],
  ['P0328', 'MEDIUM', 'Knock sensor circuit high', 'knock sensor, wiring'],
  ['P0335', 'HIGH', 'Crankshaft position sensor circuit', 'crankshaft sensor, wiring', noStart],
  ['P0336', 'HIGH', 'Crankshaft position sensor performance', 'crankshaft sensor, damaged tone wheel', noStart],
  ['P0337', 'HIGH', 'Crankshaft position sensor low', 'crankshaft sensor, wiring', noStart],
  ['P0338', 'HIGH', 'Crankshaft position sensor high', 'crankshaft sensor, wiring', noStart],
  ['P0340', 'HIGH', 'Camshaft position sensor circuit, bank 1', 'camshaft sensor, wiring', noStart],
  ['P0341', 'HIGH', 'Camshaft position sensor performance, bank 1', 'camshaft sensor, timing chain', noStart],
  ['P0345', 'HIGH', 'Camshaft position sensor circuit, bank 2', 'camshaft sensor, wiring', noStart],
  ...run('P0351', 8, coil),
  ['P0380', 'MEDIUM', 'Glow plug circuit A', 'glow plug, glow relay'],
  ['P0381', 'LOW', 'Glow plug lamp circuit', 'lamp, wiring'],
  ['P0382', 'MEDIUM', 'Glow plug circuit B', 'glow plug, glow relay'],
  ...run('P0671', 6, (code, cylinder) => [
    code,
    'MEDIUM',
    `Glow plug circuit, cylinder ${cylinder}`,
    `glow plug ${cylinder}, glow control`,
  ]),
  ['P0606', 'HIGH', 'Engine controller processor', 'engine controller', noStart],
  ['P0601', 'HIGH', 'Engine controller memory check', 'engine controller, software', noStart],
  ['P0602', 'HIGH', 'Engine controller not programmed', 'software'],
  ['P0605', 'HIGH', 'Engine controller read-only memory', 'engine controller', noStart],
  ['P0607', 'HIGH', 'Engine controller performance', 'engine controller, supply voltage', noStart],
  ['U0001', 'HIGH', 'High-speed data link', 'data link wiring, terminating resistor, a failed controller'],
  ['U0073', 'HIGH', 'Control module communication bus off', 'data link wiring, a failed controller'],
  ['U0100', 'HIGH', 'No messages from the engine controller', 'controller supply, data link wiring', noStart],
  ['U0107', 'HIGH', 'No messages from the throttle controller', 'controller supply, data link wiring', gently],
  ['U0109', 'HIGH', 'No messages from the fuel pump controller', 'controller supply, data link wiring', noStart],
])
