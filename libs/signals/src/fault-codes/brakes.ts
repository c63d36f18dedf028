import { codesOf, type CodeRow } from './row.ts'

const abs = 'ABS may not work: keep distance, and have it looked at within days.'
const stop = 'Brake gently, do not drive on, and have the brakes looked at where the vehicle stands.'

/** C0035 to C0050: a sensor on each wheel. */
const wheelSpeeds: CodeRow[] = [
  ['C0035', 'left front'],
  ['C0040', 'right front'],
  ['C0045', 'left rear'],
  ['C0050', 'right rear'],
].map(([code, wheel]) => [code!, 'MEDIUM', `Wheel speed sensor, ${wheel}`, 'wheel speed sensor, wiring'])

/** C0031 to C003A: the same sensors, when their signal is there and cannot be right. */
const wheelSpeedPerformance: CodeRow[] = [
  ['C0031', 'left front'],
  ['C0034', 'right front'],
  ['C0037', 'left rear'],
  ['C003A', 'right rear'],
].map(([code, wheel]) => [code!, 'MEDIUM', `Wheel speed signal wrong, ${wheel}`, 'tone wheel, wheel bearing, sensor'])

const valves: CodeRow[] = [
  ['C0010', 'left front inlet'],
  ['C0011', 'left front outlet'],
  ['C0014', 'right front inlet'],
  ['C0015', 'right front outlet'],
  ['C0018', 'left rear inlet'],
  ['C0019', 'left rear outlet'],
  ['C001C', 'right rear inlet'],
  ['C001D', 'right rear outlet'],
].map(([code, valve]) => [code!, 'HIGH', `ABS valve, ${valve}`, 'ABS hydraulic unit', abs])

export const brakesCodes = codesOf('BRAKES', [
  ...valves,
  ['C0020', 'HIGH', 'ABS pump motor control', 'ABS pump motor, relay', abs],
  ['C0021', 'CRITICAL', 'Brake booster performance', 'brake booster, vacuum hose', stop],
  ['C0022', 'HIGH', 'Brake booster valve', 'brake booster'],
  ...wheelSpeedPerformance,
  ...wheelSpeeds,
  ['C0044', 'HIGH', 'Brake pressure sensor A', 'brake pressure sensor, wiring', abs],
  ['C0051', 'MEDIUM', 'Steering angle sensor', 'steering angle sensor, calibration'],
  ['C0061', 'MEDIUM', 'Lateral acceleration sensor', 'acceleration sensor, wiring'],
  ['C0063', 'MEDIUM', 'Yaw rate sensor', 'yaw rate sensor, wiring'],
  ['C0110', 'HIGH', 'ABS pump motor circuit', 'ABS pump motor, wiring', abs],
  ['C0121', 'HIGH', 'ABS valve relay circuit', 'valve relay, wiring', abs],
  ['C0131', 'HIGH', 'Brake pressure sensor circuit', 'brake pressure sensor, wiring', abs],
  ['C0161', 'LOW', 'Brake switch circuit', 'brake switch'],
  ['C0186', 'MEDIUM', 'Lateral acceleration sensor circuit', 'acceleration sensor, wiring'],
  ['C0196', 'MEDIUM', 'Yaw rate sensor circuit', 'yaw rate sensor, wiring'],
  ['C0265', 'HIGH', 'Brake control module relay circuit', 'module relay, wiring', abs],
  ['C0267', 'CRITICAL', 'Brake pump motor circuit open', 'pump motor, wiring', stop],
  ['C0550', 'HIGH', 'Brake controller performance', 'brake controller', abs],
  ['C1214', 'HIGH', 'Brake control relay contact circuit open', 'relay, wiring'],
  ['P0504', 'LOW', 'Brake switches disagree', 'brake switch'],
  ['P0556', 'MEDIUM', 'Brake booster pressure sensor performance', 'booster pressure sensor, vacuum hose'],
  ['P0571', 'LOW', 'Brake switch circuit', 'brake switch, wiring'],
  ['U0121', 'HIGH', 'No messages from the ABS controller', 'controller supply, data link wiring', abs],
  ['U0126', 'MEDIUM', 'No messages from the steering angle sensor', 'sensor supply, data link wiring'],
  ['U0129', 'HIGH', 'No messages from the brake controller', 'controller supply, data link wiring', abs],
  ['U0415', 'MEDIUM', 'Invalid data from the ABS controller', 'wheel speed sensor, ABS controller', abs],
])
