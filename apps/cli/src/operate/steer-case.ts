import type { CaseAction } from '../api/gateway.ts'
import { openGateway, type Target } from '../api/locate.ts'
import { tick } from '../print/ticks.ts'
import { findCase } from './find-case.ts'
import { json, line } from './output.ts'

const done: Record<CaseAction, string> = {
  pause: 'paused',
  resume: 'resumed',
  cancel: 'cancelled',
  retry: 'retried',
  approve: 'approved',
}

export interface SteerOptions extends Target {
  json?: boolean
  reason: string
  reject?: boolean
}

export async function steerCase(start: string, action: CaseAction, options: SteerOptions): Promise<void> {
  const gateway = openGateway(options)
  const id = await findCase(gateway, start)
  const approved = options.reject !== true
  const body = action === 'approve' ? { approved, comment: options.reason } : { reason: options.reason }
  await gateway.act(id, action, body)
  const what = action === 'approve' && !approved ? 'rejected' : done[action]
  if (options.json) return json({ caseId: id, done: what })
  line(tick('ok', `${id} ${what}`))
}
