import type { vehicle } from '@pitcrew/contracts'
import type { Answer } from '../reply.ts'

/** A vehicle system as drivers know it, and what is wrong with it when nobody said more. */
export interface SystemWords {
  name: string
  problem: string
}

export interface PageWords {
  title: string
  text: string
}

/** Everything a language must be able to say. Slots come in as times already written in the customer's zone. */
export interface Phrases {
  greeting(name: string): string
  systems: Record<vehicle.VehicleSystem, SystemWords>
  /** How soon to act, by urgency. */
  haste: Record<vehicle.Urgency, string>
  /** Whether this language can quote the problem as analysis words it. */
  quotesProblem: boolean

  proposal: {
    subject(vehicle: string, system: string, urgency: vehicle.Urgency): string
    reminderSubject(subject: string): string
    finding(vehicle: string, problem: string): string
    offer(time: string, centre: string): string
    reminder: string
    accept: string
    alternative(time: string): string
    otherTime: string
    decline: string
    digits: string
  }
  confirmation: {
    subject(vehicle: string, time: string): string
    booked(vehicle: string, time: string, centre: string): string
    reference(reference: string): string
    calendar: string
  }
  feedback: { subject(vehicle: string): string; ask(vehicle: string): string; button: string }
  footer: string
  optOut: string

  page: {
    accept: PageWords & { button: string }
    otherTime: PageWords & { button: string }
    decline: PageWords & { button: string }
    optOut: PageWords & { button: string }
    feedback: PageWords & { button: string }
    wantedSlot(time: string): string
    offeredSlot(time: string, centre: string): string
  }
  done: Record<Answer | 'REPLY_KIND_OPT_OUT' | 'feedback', PageWords>
  already: { title: string; answer: Record<Answer, string>; optOut: string; feedback: string; superseded: PageWords }
}
