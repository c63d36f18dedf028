import { codesOf } from './row.ts'

const highVoltage = 'Do not open the high-voltage system; have it looked at within days.'

export const batteryCodes = codesOf('BATTERY', [
  ['P0A80', 'HIGH', 'Replace hybrid battery pack', 'battery cells worn'],
  ['P0A7D', 'HIGH', 'Hybrid battery state of charge low', 'battery cells worn, charging fault'],
  ['P0A7E', 'HIGH', 'Hybrid battery over-temperature', 'battery fan or coolant pump, blocked air path, worn cells'],
  ['P0A7F', 'HIGH', 'Hybrid battery pack deteriorated', 'battery cells worn'],
  ['P0A09', 'HIGH', 'DC/DC converter status low', 'DC/DC converter, wiring', highVoltage],
  ['P0A10', 'HIGH', 'DC/DC converter status high', 'DC/DC converter, wiring', highVoltage],
  ['P0A1F', 'HIGH', 'Battery energy control module', 'control module, wiring', highVoltage],
  ['P0A81', 'MEDIUM', 'Hybrid battery fan 1 control circuit', 'battery fan, wiring'],
  ['P0A82', 'MEDIUM', 'Hybrid battery fan 1 performance', 'battery fan, blocked air path'],
  ['P0A94', 'HIGH', 'DC/DC converter performance', 'DC/DC converter', highVoltage],
  ['P0A95', 'HIGH', 'High-voltage fuse', 'blown fuse, inverter', highVoltage],
  ['P0A9B', 'MEDIUM', 'Hybrid battery temperature sensor circuit', 'temperature sensor, wiring'],
  [
    'P0AA1',
    'CRITICAL',
    'Battery contactor positive stuck closed',
    'welded contactor',
    'Stop as soon as it is safe, switch off, and do not touch the high-voltage system.',
  ],
  [
    'P0AA6',
    'CRITICAL',
    'High-voltage isolation fault',
    'coolant or moisture in the battery, damaged cable, compressor',
    'Stop as soon as it is safe, switch off, and do not touch the high-voltage system.',
  ],
  ['P0AFA', 'HIGH', 'Hybrid battery voltage low', 'battery cells worn, contactor', highVoltage],
  ['P0B24', 'MEDIUM', 'Hybrid battery voltage unstable', 'battery cells worn, busbar'],
  ['P3000', 'HIGH', 'Hybrid battery control', 'battery cells worn, battery control module', highVoltage],
  ['P3030', 'MEDIUM', 'Battery cell voltage sensing circuit', 'corroded busbar, sensing wires'],
  ['B1317', 'MEDIUM', 'Battery voltage high', 'voltage regulator, wiring'],
  ['B1318', 'MEDIUM', 'Battery voltage low', 'battery worn, alternator, parasitic drain'],
  ['B1325', 'MEDIUM', 'Device voltage low', 'battery worn, parasitic drain'],
  ['U3003', 'MEDIUM', 'Battery voltage', 'battery worn, battery terminals'],
  ['U0110', 'HIGH', 'No messages from the drive motor controller', 'controller supply, data link wiring'],
  ['U0111', 'HIGH', 'No messages from the battery energy controller', 'controller supply, data link wiring'],
  ['U0293', 'HIGH', 'No messages from the hybrid powertrain controller', 'controller supply, data link wiring'],
])
