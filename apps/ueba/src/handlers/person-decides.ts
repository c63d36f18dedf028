import { Terminal } from '@pitcrew/errors'
import { serviceOf } from '../domain/actor.ts'
import { entryOfRemediation } from '../domain/audit-record.ts'
import { newProfile } from '../domain/profile.ts'
import type { Books } from './turn.ts'

export interface Decision {
  actor: string
  reason: string
  /** Who decided: the subject of their token, not a name. */
  subject: string
  /** ISO. */
  at: string
  /** Of this decision. */
  id: string
}

/** A person's block knows no cap. Blocking what is blocked changes nothing. */
export async function blockAgent(books: Books, decision: Decision): Promise<void> {
  const { actor, reason, at, id } = accountable(decision)
  const service = serviceOf(actor)
  const decidedBy = `person:${decision.subject}`
  await books.inTurn(async (turn) => {
    const { agents } = await turn.load([actor], [], at)
    const state = agents.get(actor) ?? { profile: newProfile(actor, service), blocked: false }
    if (state.blocked) return
    await turn.saveAgents([{ ...state, blocked: true }])
    await turn.announceBlocked(
      { actor, reason, findingIds: state.profile.findings.map(({ findingId }) => findingId), decidedBy, at },
      `block:${id}`,
    )
    await turn.append([entryOfRemediation(`block:${id}`, 'block-agent', { actor, decidedBy, at })])
  })
}

/** What it was blocked for is forgiven: its next finding starts from no risk. Terminal NOT_FOUND when it is not blocked. */
export async function releaseAgent(books: Books, decision: Decision): Promise<void> {
  const { actor, reason, at, id } = accountable(decision)
  const decidedBy = `person:${decision.subject}`
  await books.inTurn(async (turn) => {
    const state = (await turn.load([actor], [], at)).agents.get(actor)
    if (state === undefined || !state.blocked) {
      throw new Terminal('NOT_FOUND', `${actor} is not blocked`, { hint: 'list the profiles to see which agents are' })
    }
    await turn.saveAgents([{ profile: { ...state.profile, findings: [], suspected: {} }, blocked: false }])
    await turn.announceReleased({ actor, reason, decidedBy, at }, `release:${id}`)
    await turn.append([entryOfRemediation(`release:${id}`, 'release-agent', { actor, decidedBy, at })])
  })
}

function accountable(decision: Decision): Decision {
  if (decision.reason.trim() !== '' && decision.subject.trim() !== '') return decision
  throw new Terminal(
    'REASON_MISSING',
    'a person who blocks or releases an agent gives a reason and a subject; found one empty',
    {
      hint: 'send reason and subject',
    },
  )
}
