import { codesOf } from './row.ts'

export const lubricationCodes = codesOf('LUBRICATION', [
  ['P0195', 'MEDIUM', 'Oil temperature sensor circuit', 'oil temperature sensor, wiring'],
  ['P0196', 'MEDIUM', 'Oil temperature sensor performance', 'oil temperature sensor'],
  ['P0197', 'MEDIUM', 'Oil temperature sensor low', 'oil temperature sensor, short to ground'],
  ['P0198', 'MEDIUM', 'Oil temperature sensor high', 'oil temperature sensor, open wiring'],
  ['P0298', 'CRITICAL', 'Oil over-temperature', 'low oil, oil cooler, heavy load'],
  ['P0520', 'MEDIUM', 'Oil pressure sensor circuit', 'oil pressure sensor'],
  [
    'P0521',
    'HIGH',
    'Oil pressure sensor range or performance',
    'oil pressure sensor, oil pump',
    'Check the oil level now, and have it looked at within days.',
  ],
  ['P0522', 'CRITICAL', 'Oil pressure low', 'low oil, oil pump'],
  ['P0523', 'MEDIUM', 'Oil pressure sensor circuit high', 'oil pressure sensor, open wiring'],
  ['P0524', 'CRITICAL', 'Engine oil pressure too low', 'low oil, oil pump, bearing wear'],
  ['P06DA', 'MEDIUM', 'Oil pressure control circuit', 'oil pump valve, wiring'],
  ['P06DD', 'HIGH', 'Oil pressure control stuck off', 'oil pump valve, oil pump'],
  ['P250A', 'MEDIUM', 'Oil level sensor circuit', 'oil level sensor, wiring'],
  ['P250B', 'MEDIUM', 'Oil level sensor performance', 'oil level sensor'],
  ['P250E', 'MEDIUM', 'Oil level sensor intermittent', 'loose connector, oil level sensor'],
  ['P250F', 'HIGH', 'Oil level too low', 'oil consumption, leak', 'Check and top up the oil before driving on.'],
])
