import { codesOf } from './row.ts'

const inflate = 'Check and inflate the tyres before driving on.'

export const tyresCodes = codesOf('TYRES', [
  ['C0077', 'HIGH', 'Low tyre pressure', 'puncture, valve', inflate],
  ['C0750', 'LOW', 'Tyre pressure sensor', 'pressure sensor battery'],
  ['C0755', 'LOW', 'Tyre pressure sensor, right front', 'pressure sensor battery'],
  ['C0760', 'LOW', 'Tyre pressure sensor, left rear', 'pressure sensor battery'],
  ['C0765', 'LOW', 'Tyre pressure sensor, right rear', 'pressure sensor battery'],
  ['C0775', 'LOW', 'Tyre pressure sensors not learned', 'relearn after a tyre change'],
  ['U0127', 'LOW', 'No messages from the tyre pressure controller', 'controller supply, data link wiring'],
])
