/** F1: how goals about a vehicle are taken apart. */
import { capabilities } from '@pitcrew/contracts'
import { fromGoal, fromTask, literal, type Rule } from './rule-planner.ts'

const about = [fromGoal('alertId'), fromGoal('vehicleId'), fromGoal('system')]
const likeliest = (field: string, path = ''): ReturnType<typeof fromTask> =>
  fromTask(field, 'rank', `hypotheses.0${path}`)

const examinations = [
  ['examine-signals', capabilities.signalEvidence, 'telemetry', 'the course of the signals'],
  ['examine-codes', capabilities.faultCodes, 'fault-codes', 'the fault codes'],
  ['examine-history', capabilities.vehicleHistory, 'history', "the vehicle's own past"],
  ['examine-peers', capabilities.fleetPeers, 'fleet', 'other vehicles of its kind'],
  ['examine-similar', capabilities.similarFailures, 'quality', 'failures of the past'],
] as const

export const vehicleRules: readonly Rule[] = [
  {
    id: 'evidence',
    capability: capabilities.collectEvidence.name,
    expertise: ['evidence', 'telemetry'],
    needs: [],
    inputs: about,
    rationale: 'everything else rests on what is known of the vehicle',
    kinds: ['evidence'],
    words: ['evidence', 'gather', 'collect'],
  },
  ...examinations.map(([id, { name }, tag, what]) => ({
    id,
    capability: name,
    expertise: ['diagnosis', tag],
    needs: ['evidence'],
    inputs: [...about, literal('iteration', 1)],
    rationale: `${what} may speak for or against each failure mode`,
  })),
  {
    id: 'rank',
    capability: capabilities.rankHypotheses.name,
    expertise: ['diagnosis'],
    needs: examinations.map(([id]) => id),
    inputs: [...about, literal('iteration', 1), ...examinations.map(([id], i) => fromTask(`findings.${i}`, id, ''))],
    rationale: 'the findings together say what is likeliest',
    kinds: ['diagnosis'],
    words: ['diagnos', 'cause', 'why', 'fault', 'wrong'],
  },
  {
    id: 'urgency',
    capability: capabilities.assessUrgency.name,
    expertise: ['urgency', 'safety'],
    needs: ['rank'],
    inputs: [...about, likeliest('hypothesis')],
    rationale: 'how soon something has to happen depends on what is wrong',
    kinds: ['triage'],
    words: ['urgen', 'safe', 'triage', 'danger'],
  },
  {
    id: 'hold-slot',
    capability: capabilities.holdSlot.name,
    expertise: ['scheduling', 'workshop'],
    needs: ['rank', 'urgency'],
    inputs: [
      fromGoal('caseId'),
      fromGoal('vehicleId'),
      fromTask('job.urgency', 'urgency', 'urgency'),
      likeliest('job.skill', '.skill'),
      likeliest('job.labourHours', '.labourHours'),
      likeliest('job.parts', '.parts'),
      literal('holdMinutes', 1_440),
      literal('round', 1),
    ],
    rationale: 'the repair needs a place, a technician and parts',
    kinds: ['appointment'],
    words: ['appointment', 'slot', 'schedul', 'book', 'workshop'],
  },
  {
    id: 'propose',
    capability: capabilities.proposeAppointment.name,
    expertise: ['engagement', 'customer'],
    needs: ['rank', 'urgency', 'hold-slot'],
    inputs: [
      fromGoal('caseId'),
      fromGoal('vehicleId'),
      fromGoal('system'),
      fromTask('urgency', 'urgency', 'urgency'),
      likeliest('problem', '.explanation'),
      fromTask('booking', 'hold-slot', 'booking'),
      fromTask('alternatives', 'hold-slot', 'alternatives'),
      literal('round', 1),
    ],
    rationale: 'the customer decides on the appointment',
    kinds: ['engagement'],
    words: ['customer', 'driver', 'propos', 'inform', 'message'],
  },
  {
    id: 'ask-feedback',
    capability: capabilities.askFeedback.name,
    expertise: ['engagement', 'feedback'],
    needs: [],
    inputs: [fromGoal('caseId'), fromGoal('vehicleId')],
    rationale: 'only the customer knows whether the repair helped',
    kinds: ['feedback'],
    words: ['feedback', 'satisf', 'survey'],
  },
  {
    id: 'record-failure',
    capability: capabilities.recordFailure.name,
    expertise: ['manufacturing', 'quality'],
    needs: ['evidence', 'rank'],
    inputs: [
      fromGoal('caseId'),
      fromGoal('system'),
      fromTask('vehicle', 'evidence', 'vehicle'),
      likeliest('hypothesis'),
    ],
    rationale: 'manufacturing can only mend what it hears of',
    kinds: ['quality'],
    words: ['manufactur', 'corrective', 'quality', 'lesson'],
  },
]
