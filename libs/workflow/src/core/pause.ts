import type { Step } from './step.ts'

/** After standing still: waits take what came meanwhile, and timers that were put off are due again. */
export function rearm(step: Step): void {
  const { state } = step
  for (const path of Object.keys(state.nodes)) {
    const node = state.nodes[path]
    if (!step.moving || !node || !('due' in node)) continue
    if (node.is === 'waiting' && !node.approval && takeBuffered(step, path)) continue
    if (node.due !== null) step.commands.push({ type: 'wake-at', path, due: node.due })
  }
}

function takeBuffered(step: Step, path: string): boolean {
  const { inbox } = step.state
  const { node } = step.node(path)
  if (node.kind !== 'wait') return false
  const index = inbox.findIndex(({ signal }) => node.signals.includes(signal) || node.interrupts.includes(signal))
  const [buffered] = index < 0 ? [] : inbox.splice(index, 1)
  if (!buffered) return false
  step.proceed(path, { signal: buffered.signal, payload: buffered.payload })
  return true
}
