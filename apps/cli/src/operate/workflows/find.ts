import { Terminal, toFailure } from '@pitcrew/errors'
import type { Workflows } from '../../api/workflows.ts'

/** The id of the one workflow that it begins, so that a person need not type all of it. Throws Terminal NOT_FOUND, AMBIGUOUS. */
export async function findWorkflow(workflows: Workflows, start: string): Promise<string> {
  try {
    return (await workflows.show(start, { limit: 1 })).workflow.workflowId
  } catch (error) {
    const failure = toFailure(error)
    if (failure.code !== 'NOT_FOUND') throw failure
    const { workflows: all } = await workflows.search({ archived: 'true', limit: 1_000 })
    const ids = all.map(({ workflowId }) => workflowId).filter((id) => id.startsWith(start))
    if (ids.length === 1) return ids[0] as string
    if (ids.length === 0) {
      const hint = './pitcrew workflows list shows which there are; --archived the old ones too'
      throw new Terminal('NOT_FOUND', failure.message, { cause: error, hint })
    }
    throw new Terminal('AMBIGUOUS', `${ids.length} workflows begin with "${start}": ${ids.slice(0, 5).join(', ')}`, {
      hint: 'give more of the id',
    })
  }
}
