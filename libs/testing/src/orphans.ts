/** Containers of test processes that died before they could stop them: each carries its owner, and the next test removes it. */
import { hostname } from 'node:os'
import { ask, type Engine } from './docker-engine.ts'

const label = 'pitcrew.test.owner'

export const ownerLabel: Record<string, string> = { [label]: `${hostname()}/${process.pid}` }

interface Listed {
  Id: string
  Labels: Record<string, string>
}

export async function removeOrphans(engine: Engine): Promise<void> {
  const filters = encodeURIComponent(JSON.stringify({ label: [label] }))
  const { status, body } = await ask(engine, 'GET', `/containers/json?all=true&filters=${filters}`)
  if (status !== 200) return
  const orphans = (JSON.parse(body) as Listed[]).filter(({ Labels }) => isOrphan(Labels[label] ?? ''))
  await Promise.all(orphans.map(({ Id }) => ask(engine, 'DELETE', `/containers/${Id}?force=true&v=true`)))
}

/** The engine may serve other machines too: of their processes we know nothing. */
function isOrphan(owner: string): boolean {
  const [host, pid] = owner.split('/')
  if (host !== hostname()) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
