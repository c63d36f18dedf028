/**
 * The workshop behind the dealer's API: appointments, and what became of each.
 *
 * 1. The same idempotency key gives the same answer; with another body it is refused.
 * 2. An appointment is addressed by the caller's booking id or by the dealer's own reference.
 * 3. A vehicle comes and goes by the clock alone: reports appear when their time has come, in that order, once each.
 * 4. Nothing is persisted. Cursors carry the epoch of this workshop, so that a caller notices when it has forgotten all.
 */
import { Terminal } from '@pitcrew/errors'
import type { AppointmentWish, WhereAndWhen } from './schema.ts'

/** What is truly wrong with a vehicle. */
export interface TrueFault {
  failureMode: string
  component: string
  parts: string[]
  odometerKm: number
  /** Default: what the job was booked for. */
  labourHours?: number
  /** Default true. */
  repaired?: boolean
}

export interface WorkOrder {
  workOrderId: string
  failureModeFound: string
  componentReplaced: string
  partsUsed: string[]
  labourHours: number
  odometerKm: number
  repaired: boolean
  notes: string
}

export interface Report {
  cursor: string
  bookingId: string
  reference: string
  kind: 'started' | 'completed'
  at: string
  workOrder?: WorkOrder
}

export interface Appointment extends AppointmentWish {
  reference: string
  status: 'booked' | 'started' | 'completed' | 'cancelled'
  /** When the vehicle comes and when it leaves, milliseconds of the workshop's clock. */
  arrivesAt: number
  leavesAt: number
}

export interface WorkshopOptions {
  now: () => number
  /** Names this life of the workshop. */
  epoch: string
  /** Milliseconds from booking to arrival, and from arrival to departure. */
  delays: (wish: WhereAndWhen, now: number) => { arrivesAfterMs: number; staysMs: number }
  faultOf: (vehicleId: string) => TrueFault | undefined
  onCompleted?: (vehicleId: string, workOrder: WorkOrder) => void
}

export interface Workshop {
  book(key: string, wish: AppointmentWish): Appointment
  move(id: string, to: WhereAndWhen): Appointment
  cancel(id: string): Appointment
  /** Reports after `cursor` (empty: from the first) and the cursor of the last. @throws Terminal GONE for an unknown cursor */
  reports(cursor: string): { cursor: string; reports: Report[] }
  appointments(): readonly Appointment[]
}

export function createWorkshop(options: WorkshopOptions): Workshop {
  const appointments: Appointment[] = []
  const answers = new Map<string, { body: string; appointment: Appointment }>()
  const reports: Report[] = []

  const find = (id: string) => {
    const found = appointments.findLast(({ bookingId, reference }) => bookingId === id || reference === id)
    if (found === undefined) throw new Terminal('NOT_FOUND', `there is no appointment ${id}`)
    return found
  }
  const schedule = (place: WhereAndWhen) => {
    const { arrivesAfterMs, staysMs } = options.delays(place, options.now())
    const arrivesAt = options.now() + arrivesAfterMs
    return { arrivesAt, leavesAt: arrivesAt + staysMs }
  }
  const report = (appointment: Appointment, kind: Report['kind'], at: number, workOrder?: WorkOrder) => {
    appointment.status = kind
    const { bookingId, reference } = appointment
    reports.push({
      cursor: `${options.epoch}.${reports.length + 1}`,
      bookingId,
      reference,
      kind,
      at: new Date(at).toISOString(),
      workOrder,
    })
  }

  /** Brings the workshop up to the present. */
  function catchUp(): void {
    const now = options.now()
    for (let due = nextDue(appointments, now); due !== undefined; due = nextDue(appointments, now)) {
      if (due.status === 'booked') report(due, 'started', due.arrivesAt)
      else complete(due)
    }
  }

  function complete(appointment: Appointment): void {
    const workOrder = workOrderOf(appointment, options.faultOf(appointment.vehicleId))
    report(appointment, 'completed', appointment.leavesAt, workOrder)
    options.onCompleted?.(appointment.vehicleId, workOrder)
  }

  return {
    book(key, wish) {
      const body = JSON.stringify(wish)
      const known = answers.get(key)
      if (known !== undefined) {
        if (known.body === body) return known.appointment
        throw new Terminal('KEY_REUSED', `idempotency-key ${key} came with another appointment before`)
      }
      const appointment: Appointment = {
        ...wish,
        reference: `RO-${1001 + appointments.length}`,
        status: 'booked',
        ...schedule(wish),
      }
      appointments.push(appointment)
      answers.set(key, { body, appointment })
      return appointment
    },
    move(id, to) {
      catchUp()
      const appointment = find(id)
      refuseUnlessBooked(appointment, 'move')
      return Object.assign(appointment, to, schedule(to))
    },
    cancel(id) {
      catchUp()
      const appointment = find(id)
      if (appointment.status !== 'cancelled') refuseUnlessBooked(appointment, 'cancel')
      appointment.status = 'cancelled'
      return appointment
    },
    reports(cursor) {
      catchUp()
      const seen = positionOf(cursor, options.epoch, reports.length)
      return { cursor: `${options.epoch}.${reports.length}`, reports: reports.slice(seen) }
    },
    appointments: () => appointments,
  }
}

function refuseUnlessBooked({ reference, status }: Appointment, what: string): void {
  if (status !== 'booked')
    throw new Terminal('CONFLICT', `appointment ${reference} is ${status}; too late to ${what} it`)
}

function nextDue(appointments: readonly Appointment[], now: number): Appointment | undefined {
  return appointments
    .map((appointment) => ({ appointment, at: dueAt(appointment) }))
    .filter(({ at }) => at <= now)
    .sort((a, b) => a.at - b.at)[0]?.appointment
}

function dueAt({ status, arrivesAt, leavesAt }: Appointment): number {
  if (status === 'booked') return arrivesAt
  return status === 'started' ? leavesAt : Infinity
}

function positionOf(cursor: string, epoch: string, last: number): number {
  if (cursor === '') return 0
  const match = /^(.+)\.(\d+)$/.exec(cursor)
  const position = Number(match?.[2])
  if (match?.[1] === epoch && position <= last) return position
  throw new Terminal('GONE', `cursor "${cursor}" is not of this workshop; start again without one`)
}

/** What the mechanic writes down: the true fault, or, when nobody knows it, what the job was booked for. */
function workOrderOf({ reference, job }: Appointment, fault: TrueFault | undefined): WorkOrder {
  const component = fault?.component ?? job.parts[0] ?? job.skill
  const repaired = fault?.repaired ?? true
  return {
    workOrderId: reference.replace('RO-', 'WO-'),
    failureModeFound: fault?.failureMode ?? `${component} worn`,
    componentReplaced: repaired ? component : '',
    partsUsed: repaired ? (fault?.parts ?? job.parts) : [],
    labourHours: fault?.labourHours ?? job.labourHours,
    odometerKm: fault?.odometerKm ?? 0,
    repaired,
    notes: repaired ? `${component} replaced, test drive without findings` : `${component} found faulty, part on order`,
  }
}
