/** Who and what could do a job at one time, and who of them is free. */
import type { scheduling } from '@pitcrew/contracts'
import { overlap, type Interval } from './interval.ts'

export interface CentreCapacity {
  centre: scheduling.Centre
  /** Claimed time by resource id; a resource that is not in it is free. */
  claims: ReadonlyMap<string, readonly Interval[]>
}

export interface Crew {
  bay: string
  technicianId: string
}

export function bayResource(centreId: string, bay: string): string {
  return `${centreId}/bay/${bay}`
}

export function technicianResource(centreId: string, technicianId: string): string {
  return `${centreId}/technician/${technicianId}`
}

export function isSkilled(technician: scheduling.Technician, skill: string): boolean {
  return technician.skills.includes(skill)
}

/** A bay and a technician free for all of `span`. The least versatile technician goes first: the others stay free for what only they can do. */
export function freeCrew({ centre, claims }: CentreCapacity, skill: string, span: Interval): Crew | undefined {
  const isFree = (resource: string) => !(claims.get(resource) ?? []).some((claim) => overlap(claim, span))
  const bay = centre.bays.find((name) => isFree(bayResource(centre.centreId, name)))
  if (bay === undefined) return undefined
  const technician = centre.technicians
    .filter((one) => isSkilled(one, skill))
    .toSorted((a, b) => a.skills.length - b.skills.length)
    .find((one) => isFree(technicianResource(centre.centreId, one.technicianId)))
  return technician && { bay, technicianId: technician.technicianId }
}
