/** The 8D report of a CAPA: D0 to D8 written from its facts, so that it is never older than they are. */
import { manufacturing } from '@pitcrew/contracts'
import type { Capa } from './capa.ts'
import { groundsOf, isSafetyRelevant, type Grounds } from './capa-rule.ts'
import { proposalFor, type Proposal } from './corrective-actions.ts'
import { failuresPerThousandVehicles, type Impact } from './impact.ts'
import type { RankedFactor } from './root-cause.ts'

export interface CapaFacts {
  capa: Capa
  failures: readonly manufacturing.FailureRecord[]
  /** Registered vehicles of the model. */
  vehicles: number
  factors: readonly RankedFactor[]
  /** Since containment; undefined while nothing is contained. */
  impact: Impact | undefined
}

/** Rows of the D4 table. */
const factorsShown = 8

export function reportOf(facts: CapaFacts): manufacturing.Capa {
  const { capa, failures, factors } = facts
  return {
    capaId: capa.capaId,
    status: statuses[capa.status],
    component: capa.component,
    failureMode: capa.failureMode,
    model: capa.model,
    openedAt: capa.openedAt,
    sections: sectionsOf(facts),
    rootCauses: factors.slice(0, factorsShown).map(toRootCause),
    failureIds: failures.map(({ failureId }) => failureId),
  }
}

const statuses: Record<Capa['status'], manufacturing.CapaStatus> = {
  open: manufacturing.CapaStatus.OPEN,
  contained: manufacturing.CapaStatus.CONTAINED,
  closed: manufacturing.CapaStatus.CLOSED,
}

export function toRootCause({ factor, level, failures, exposed, lift, pValue }: RankedFactor): manufacturing.RootCause {
  return { factor, level, failures, exposed, lift, pValue }
}

function sectionsOf(facts: CapaFacts): manufacturing.CapaSection[] {
  const { capa } = facts
  const proposal = proposalFor(capa.failureMode, capa.component)
  const contained = capa.status !== 'open'
  const closed = capa.status === 'closed'
  const causeFound = facts.factors.some(({ significant }) => significant)
  const section = (discipline: string, title: string, complete: boolean, text: string) => ({
    discipline,
    title,
    text,
    complete,
  })
  return [
    section(
      'D0',
      'Emergency response',
      facts.failures.every(({ repaired }) => repaired),
      emergency(facts),
    ),
    section('D1', 'Team', true, team(capa.component)),
    section('D2', 'Problem description', true, problem(facts)),
    section('D3', 'Interim containment', contained, containment(capa, proposal)),
    // A cause in the design is the same for all vehicles: no factor stands out, and the team may close it all the same.
    section('D4', 'Root cause', causeFound || closed, rootCause(facts)),
    section(
      'D5',
      'Permanent corrective actions',
      closed,
      `Proposed, to be chosen and verified by the team:\n${list(proposal.corrective)}`,
    ),
    section('D6', 'Implementation and validation', closed, validation(facts)),
    section('D7', 'Prevention of recurrence', closed, prevention(capa, proposal)),
    section('D8', 'Closure', closed, closure(capa)),
  ]
}

function emergency({ failures }: CapaFacts): string {
  const repaired = failures.filter((failure) => failure.repaired).length
  const rest = failures.length - repaired
  const open = rest === 0 ? 'No affected vehicle that is known is left unrepaired.' : `${rest} still to be repaired.`
  return `${repaired} of ${count(failures.length, 'affected vehicle visit')} ended with a repair. ${open}`
}

function team(component: string): string {
  return `Roles: champion (quality), ${component} design, manufacturing engineering of the plant, supplier quality, field service. The champion names the people.`
}

function problem({ capa, failures, vehicles, factors }: CapaFacts): string {
  const grounds = groundsOf({
    safetyRelevant: failures.some(({ system, component }) => isSafetyRelevant(system, component)),
    failures: failures.length,
    significantFactors: factors.filter(({ significant }) => significant).length,
    recurrenceOf: capa.recurrenceOf,
  })
  const affected = new Set(failures.map(({ vehicleId }) => vehicleId)).size
  const months = range(failures.map(({ monthsInService }) => monthsInService))
  const odometer = range(failures.map(({ odometerKm }) => odometerKm))
  const predicted = failures.filter(
    ({ failureMode, predictedFailureMode }) => failureMode === predictedFailureMode,
  ).length
  return [
    `${capa.component} of model ${capa.model} failed by ${capa.failureMode}: ${count(failures.length, 'failure')} on ${count(affected, 'vehicle')} of ${vehicles} registered`,
    `(${failuresPerThousandVehicles(affected, vehicles).toFixed(2)} per 1000 vehicles), at ${months} months in service and ${odometer} km.`,
    `The diagnosis had named ${predicted} of them beforehand.`,
    grounds.map((ground) => groundsText(ground, capa)).join(' '),
  ].join(' ')
}

function groundsText(ground: Grounds, capa: Capa): string {
  switch (ground) {
    case 'safety':
      return 'The failure endangers people.'
    case 'recurrence':
      return `It came back after ${capa.recurrenceOf} was closed: its effectiveness check has to be reopened.`
    case 'significant':
      return 'At least one production factor stands out (see D4).'
    case 'repeated':
      return 'It is a repeated failure.'
    case 'first-confirmed':
      return 'It is the first confirmed failure of its kind: a draft, on thin ground.'
  }
}

function containment(capa: Capa, proposal: Proposal): string {
  if (capa.status === 'open') return `Proposed: ${proposal.containment}.`
  return `In force since ${capa.containment.at}: ${capa.containment.action}`
}

function rootCause({ factors }: CapaFacts): string {
  if (factors.length === 0)
    return 'No production factor can be compared yet: all registered vehicles share it, or none is registered.'
  const significant = factors.filter((factor) => factor.significant)
  const verdict =
    significant.length > 0
      ? `Failed vehicles share ${significant.map(({ factor, level }) => `${factor} ${level}`).join(', ')} more often than chance allows.`
      : 'No factor stands out yet; more failures are needed before one can be named.'
  const rows = factors
    .slice(0, factorsShown)
    .map(
      (row) =>
        `| ${row.factor} | ${row.level} | ${row.failures} | ${row.exposed} | ${row.lift.toFixed(2)} | ${row.pValue.toPrecision(3)} | ${row.qValue.toPrecision(3)} |`,
    )
  return [
    `${verdict} Fisher's exact test, one-sided; q-values after Benjamini-Hochberg over all levels compared. A factor that stands out is a lead to follow, not yet a cause.`,
    '',
    '| factor | level | failed | exposed | lift | p | q |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

function validation({ capa, impact }: CapaFacts): string {
  const measured = capa.status === 'closed' ? capa.closure.effectiveness : impact
  if (measured === undefined)
    return 'The effectiveness check compares failures per 1000 vehicle-months before and after containment; nothing is contained yet.'
  return `Failures per 1000 vehicle-months: ${measured.before.toFixed(3)} before containment, ${measured.after.toFixed(3)} since (${(measured.reduction * 100).toFixed(0)} % less; p = ${measured.pValue.toPrecision(3)} that it did not fall).`
}

function prevention(capa: Capa, proposal: Proposal): string {
  const fmea =
    capa.status === 'closed'
      ? `FMEA updated: ${capa.closure.fmeaReference}.`
      : 'The FMEA has to carry this failure cause and its control before closure.'
  return `Proposed control: ${proposal.preventive}. ${fmea}`
}

function closure(capa: Capa): string {
  if (capa.status === 'closed') return `Closed at ${capa.closure.at}: effective, FMEA updated.`
  return 'Gate: needs containment, an effectiveness check that shows a lower failure rate, and the FMEA revision.'
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n')
}

function count(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? '' : 's'}`
}

function range(values: readonly number[]): string {
  const least = Math.min(...values).toFixed(0)
  const greatest = Math.max(...values).toFixed(0)
  return least === greatest ? least : `${least} to ${greatest}`
}
