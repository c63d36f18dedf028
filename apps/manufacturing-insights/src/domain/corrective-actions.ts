/** Proposals per failure mode for D3, D5 and D7. People choose; the report never calls one of them done. */
export interface Proposal {
  containment: string
  corrective: string[]
  preventive: string
}

interface Entry extends Proposal {
  mode: RegExp
}

/** The first entry whose pattern fits the failure mode or the component. */
const entries: readonly Entry[] = [
  {
    mode: /coolant|radiator|head-?gasket/i,
    containment:
      'pressure-test the cooling system of vehicles from the same build at their next visit; hold suspect stock',
    corrective: [
      'compare hose clamp torque and seal material of failed and sound parts with the drawing',
      'change to a seal or clamp that keeps its preload over the thermal cycle',
    ],
    preventive: 'leak test at end of line at 1.2 times working pressure, result kept per vehicle',
  },
  {
    mode: /thermostat|fan|water-?pump|overheat/i,
    containment:
      'inspect the part on vehicles from the same build at their next visit; quarantine stock of the same lot',
    corrective: [
      'measure opening temperature, flow or current of returned parts against specification',
      'tighten the supplier limit that the returned parts fall outside of',
    ],
    preventive: 'functional test of every part at goods-in until 3 lots in a row are free of failures',
  },
  {
    mode: /alternator|regulator|charging|belt/i,
    containment: 'check charging voltage at idle and under load on vehicles from the same build; hold suspect stock',
    corrective: [
      'dissect returned parts: brushes, diodes, regulator',
      'raise the temperature rating of the element that failed or move it from the heat source',
    ],
    preventive: 'charging test under full electrical load at end of line',
  },
  {
    mode: /battery|\bcell|state-of-health/i,
    containment: 'conductance-test batteries of the same lot at their next visit and replace those under limit',
    corrective: [
      'check quiescent current of the vehicle and storage time of the battery before assembly',
      'limit time in stock and recharge before fitting',
    ],
    preventive: 'open-circuit voltage gate at assembly and a quiescent-current test at end of line',
  },
  {
    mode: /misfire|spark|ignition|coil|plug/i,
    containment: 'read misfire counters of vehicles from the same build; replace coils and plugs of the suspect lot',
    corrective: [
      'measure gap, insulation and coil primary resistance of returned parts',
      'correct plug torque or coil potting according to what the parts show',
    ],
    preventive: 'secondary-voltage signature recorded for each cylinder at end of line',
  },
  {
    mode: /\b(maf|air|vacuum|fuel|injector|lean|rich|trim|throttle|intake)\b/i,
    containment: 'read long-term fuel trims of vehicles from the same build; smoke-test intakes outside 10 %',
    corrective: [
      'find whether air or fuel is wrong from trims at idle and under load',
      'correct the joint, sensor or injector that the returned parts point at',
    ],
    preventive: 'fuel-trim gate after the end-of-line drive cycle',
  },
  {
    mode: /catalyst|oxygen|o2|lambda|egr|dpf|emission/i,
    containment:
      'check sensor response time on vehicles from the same build; extend the emission warranty where it fails',
    corrective: [
      'examine returned parts for poisoning, cracks and ash',
      'remove the upstream cause (oil or coolant in the exhaust, mixture) before changing the part',
    ],
    preventive: 'sensor response and conversion check in the end-of-line cycle',
  },
  {
    mode: /brake|pad|caliper|disc|rotor/i,
    containment: 'stop delivery of affected vehicles and inspect those in the field at once: people are at risk',
    corrective: [
      'measure wear pattern and caliper drag of returned parts',
      'correct friction material lot or slide-pin fit',
    ],
    preventive: 'drag torque measured at end of line for each wheel',
  },
  {
    mode: /tyre|tire|pressure-loss|valve/i,
    containment: 'inspect tyres and valves of the same lot at once: people are at risk',
    corrective: [
      'examine bead, valve core and carcass of returned tyres',
      'correct mounting process or change the lot',
    ],
    preventive: 'pressure-hold test after mounting',
  },
  {
    mode: /\b(oil|lubric|bearing)/i,
    containment: 'check oil pressure and level of vehicles from the same build; shorten their oil interval',
    corrective: ['analyse oil for metal and fuel, measure pump clearance', 'correct clearance, seal or oil grade'],
    preventive: 'oil pressure curve recorded over engine speed at end of line',
  },
  {
    mode: /transmission|clutch|gear|shift/i,
    containment: 'limit torque by calibration for vehicles from the same build until inspected',
    corrective: [
      'inspect clutch packs, fluid and valve body of returned units',
      'correct fluid specification or shift calibration',
    ],
    preventive: 'shift-time signature recorded at end of line',
  },
]

const general: Proposal = {
  containment: 'inspect the part on vehicles from the same build at their next visit; quarantine stock of the same lot',
  corrective: [
    'examine returned parts against drawing and specification',
    'remove the cause that the examination shows, at the supplier or in assembly',
  ],
  preventive: 'a check at end of line that would have found this failure mode',
}

export function proposalFor(failureMode: string, component: string): Proposal {
  return (
    entries.find(({ mode }) => mode.test(failureMode)) ?? entries.find(({ mode }) => mode.test(component)) ?? general
  )
}
