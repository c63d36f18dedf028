import { Terminal } from '@pitcrew/errors'
import type { CapaKey } from './capa-rule.ts'
import { isEffective, type Impact } from './impact.ts'

/** What is kept of a CAPA; its 8D report is written from this and from the facts of the day. */
export type Capa = OpenCapa | ContainedCapa | ClosedCapa

interface Opened extends CapaKey {
  capaId: string
  openedAt: string
  /** The closed CAPA of the same key, or ''. */
  recurrenceOf: string
}

export interface OpenCapa extends Opened {
  status: 'open'
}

export interface Containment {
  at: string
  action: string
}

export interface ContainedCapa extends Opened {
  status: 'contained'
  containment: Containment
}

export interface Closure {
  at: string
  effectiveness: Impact
  /** Revision of the FMEA that carries the new failure cause and its control. */
  fmeaReference: string
}

export interface ClosedCapa extends Opened {
  status: 'closed'
  containment: Containment
  closure: Closure
}

export function contain(capa: Capa, containment: Containment): ContainedCapa {
  if (capa.status !== 'open') throw illegal(capa, 'contained', 'open')
  if (containment.action.trim() === '') {
    throw new Terminal('CONTAINMENT_EMPTY', 'containment needs the action that was taken; found none', {
      hint: 'say what protects customers until the cause is removed',
    })
  }
  return { ...capa, status: 'contained', containment }
}

/** The gate of D8: auditors' usual findings are no effectiveness check and an FMEA that was not updated. */
export function close(capa: Capa, closure: Closure): ClosedCapa {
  if (capa.status !== 'contained') throw illegal(capa, 'closed', 'contained')
  const missing: string[] = []
  if (!isEffective(closure.effectiveness)) missing.push('a failure rate that fell since containment, p <= 0.05')
  if (closure.fmeaReference.trim() === '') missing.push('the FMEA revision that was updated')
  if (missing.length > 0) {
    throw new Terminal('CAPA_NOT_VERIFIED', `closing ${capa.capaId} needs ${missing.join(' and ')}`, {
      hint: 'wait until enough vehicle-months without the failure have passed, and update the FMEA',
    })
  }
  return { ...capa, status: 'closed', closure }
}

function illegal(capa: Capa, wanted: string, needed: string): Terminal {
  return new Terminal(
    'ILLEGAL_TRANSITION',
    `${capa.capaId} is ${capa.status}; only an ${needed} CAPA can be ${wanted}`,
    {
      hint: 'read the CAPA again: somebody may have moved it already',
    },
  )
}
