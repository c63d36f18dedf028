import { Terminal } from '@pitcrew/errors'
import { query, type Ending, type Partition } from '@pitcrew/workflow'
import type { Answer, Request } from './inbox.ts'

/** What a leader answers. @throws what it refuses with */
export async function answer(partition: Partition, request: Request): Promise<Answer> {
  const { id } = request
  switch (request.op) {
    case 'submit':
      await partition.submit(id, request.event)
      return { is: 'done' }
    case 'update':
      return { is: 'value', value: await partition.update(id, request.event) }
    case 'get':
      return { is: 'workflow', ...find(partition, id) }
    case 'query': {
      const { state } = find(partition, id)
      return { is: 'value', value: query(partition.program(state), state, request.name, Date.now()) }
    }
    case 'result': {
      const ending = await within(partition.ending(id), request.waitMs)
      return ending ? { is: 'ending', ending } : { is: 'open' }
    }
  }
}

function find(partition: Partition, id: string): NonNullable<ReturnType<Partition['get']>> {
  const broken = partition.broken.get(id)
  if (broken) throw broken
  const workflow = partition.get(id)
  if (workflow) return workflow
  throw new Terminal('NOT_FOUND', `no workflow ${id} is open`, {
    hint: 'its history tells how it ended, if it ever was',
  })
}

async function within(ending: Promise<Ending>, ms: number): Promise<Ending | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ms)))
  try {
    return await Promise.race([ending, late])
  } finally {
    clearTimeout(timer)
  }
}
