/** What was done to what, in words and numbers: enough to judge the figures by. */
import { developments, faults } from '@pitcrew/simulator'
import { generatedHoursEach, generatedVehicles, restsMs } from './false-alarms.ts'
import type { Logs } from './logs.ts'
import { leastSeconds, rates } from './injection.ts'
import { partOf } from './split.ts'

export function protocolOf({ drives, rows, refusedRows, refusedFiles }: Logs): Record<string, unknown> {
  const names = [...drives.keys()]
  return {
    detectors: 'analyse, assess and alert policy as the service runs them (watch), one vehicle state per run',
    drives: { all: names.length, tuned: names.filter((name) => partOf(name) === 'tuned').length },
    rows,
    refusedRows,
    refusedFiles,
    time: 'the clock of the log: rows about 0.49 s apart, held to the run time that the ECU counts; silences over 60 s are no hours',
    split:
      'by drive. Dwell times, limits, smoothing and sigmas of the detectors were tuned on the tuned half of the 23 drives at hand; the healthy range of each measure was looked up over those 23. Every other drive is held out. Conformal factors of the time to limit come from vehicles of the simulator and from the tuned half',
    falseAlarm:
      'any alert that a healthy drive raises; upper bounds are Poisson, one-sided, 95 % (3.0 / hours for none)',
    asNewVehicles: 'each drive by a vehicle that has never been seen before: the headline',
    asOneVehicle: `all drives in order by one vehicle with ${restsMs.map((ms) => `${ms / 60_000} min`).join(' or ')} of rest between; the worse of the two`,
    asSentOtherwise: 'every tenth row only; rows stamped a second apart',
    generated: `${generatedVehicles} seeded vehicles of the simulator, ${generatedHoursEach} h each: counted apart, in no headline`,
    faults: Object.fromEntries(faults.map(({ name, limit }) => [name, limit.description])),
    developments,
    rates: { ...rates, unit: "times the documented time from the fault's onset to its end" },
    injected: `every fault, development and rate into every drive that lasts ${leastSeconds} s or longer after the onset; coolant leak and catalyst do not come and go`,
    slow: "all drives as one vehicle's, a fault from the end of their first quarter to nine tenths: recallOverDrives, in no headline",
    unwatchedAnomaliesPer100h:
      'what the anomaly detector of single signals would say of minute means of signals that no monitor watches, on healthy drives: it raises no alert',
    found:
      'an alert about the system at fault before the fault carries the vehicle over its limit for 1.5 s (catalyst 20 s, thermostat 60 s: cold starts pass their limits) where the healthy drive is not; runs that never reach the limit count for nothing but foreign alerts',
    leadTime: 'from alert to limit over all runs that reach it; 0 where the fault was not found before',
    coverage:
      'share of 90 % intervals of the time to the limit that held the true one: at the alert (headline), and of all forecasts every 30 s; drives that end before the limit censor it (product-limit estimate)',
  }
}
