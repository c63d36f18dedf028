/**
 * Moves a running workflow to another version of its definition: `planMigration` says beforehand what becomes of each node.
 *
 * Invariants
 *  V1 What is under way has a counterpart of the same kind in the same place, or the migration is refused as a whole.
 *  V2 A task at an agent whose path changes is given up and run anew: its result could not find the way back.
 */
import { Terminal, toFailure, type Failure } from '@pitcrew/errors'
import { allNodes, type Node } from '../definition/definition.ts'
import type { Program } from './compile.ts'
import type { Command, WorkflowEvent } from './event.ts'
import { holderOf, isUndo, scopeOf, scopesFrom, undoOf } from './path.ts'
import { goOn } from './reset.ts'
import { openScopes, type Scope } from './scopes.ts'
import type { NodeState, WorkflowState } from './state.ts'
import { Step } from './step.ts'
import { giveUp } from './undo.ts'

type Mapping = { [node: string]: string | null }
type Migrated = WorkflowEvent & { type: 'migrated' }

/** What becomes of the node at `path`. `forgotten`: what it gave cannot be read any more; a counterpart would run anew. */
export interface MigratedNode {
  path: string
  /** Its new path; null if it is forgotten. */
  to: string | null
  what: 'kept' | 'moved' | 'restarted' | 'forgotten'
}

/**
 * What becomes of each node of `state`, in the order of the definition.
 * @throws Terminal MIGRATION_REFUSED, with the nodes
 */
export function planMigration(from: Program, to: Program, state: WorkflowState, mapping: Mapping): MigratedNode[] {
  checkMapping(from, to, mapping)
  checkPhase(to, state)
  const plan: MigratedNode[] = []
  const refused: string[] = []
  follow({ scope: '', graph: from.definition.graph }, { scope: '', graph: to.definition.graph })
  if (refused.length > 0) {
    throw refusal(`no counterpart of the same kind for what is under way: ${refused.join(', ')}`)
  }
  const paths = plan.flatMap((node) => node.to ?? [])
  const doubled = paths.find((path, i) => paths.indexOf(path) !== i)
  if (doubled !== undefined) throw refusal(`two nodes would become "${doubled}"`)
  return plan

  function follow(old: Scope, next: Scope | undefined): void {
    for (const node of old.graph.nodes) {
      const path = old.scope + node.id
      const held = state.nodes[path]
      if (held === undefined) continue
      const id = Object.hasOwn(mapping, node.id) ? mapping[node.id] : node.id
      const counterpart = next?.graph.nodes.find((one) => one.id === id && one.kind === node.kind)
      if (next && counterpart) followNode(node, path, held, counterpart, next.scope + counterpart.id)
      else if (underWay(held)) refused.push(path)
      else plan.push({ path, to: null, what: 'forgotten' })
    }
  }

  function followNode(node: Node, path: string, held: NodeState, counterpart: Node, target: string): void {
    const restarts = held.is === 'running' && path !== target
    plan.push({ path, to: target, what: path === target ? 'kept' : restarts ? 'restarted' : 'moved' })
    if (held.is !== 'open') return
    if (held.generated && [...allNodes(held.generated.graph)].some(({ id }) => to.nodes.has(id))) refused.push(path)
    const scopes = new Map(openScopes(target, counterpart, held).map((one) => [one.scope, one]))
    for (const inner of openScopes(path, node, held)) {
      const match = scopes.get(target + inner.scope.slice(path.length))
      if (!match && node.kind !== 'parallel') refused.push(path)
      follow(inner, match)
    }
  }
}

/** Why it cannot be migrated; undefined if it can. */
export function migrationRefused(from: Program, state: WorkflowState, { to, mapping }: Migrated): Failure | undefined {
  try {
    const target = from.versions.get(to)
    if (!target) {
      const hint = `known are: ${[...from.versions.keys()].join(', ')}`
      throw new Terminal('UNKNOWN_DEFINITION', `there is no definition ${state.definition} version ${to}`, { hint })
    }
    planMigration(from, target, state, mapping)
    return undefined
  } catch (error) {
    return toFailure(error)
  }
}

/** Applies an admitted migration. */
export function migrate(from: Program, state: WorkflowState, { to, mapping, at }: Migrated): Command[] {
  const program = from.versions.get(to) as Program
  const plan = planMigration(from, program, state, mapping)
  const restarted = new Set(plan.flatMap(({ path, what }) => (what === 'restarted' ? path : [])))
  const before = new Step(from, state, at)
  giveUp(before, `migrated to version ${to}`, (path) => restarted.has(path))
  const paths = new Map(plan.map((node) => [node.path, node.to]))
  rename(state, (path) => renamed(paths, path))
  state.version = to
  const step = new Step(program, state, at)
  step.commands.push(...before.commands)
  for (const node of plan) wake(step, node)
  goOn(step)
  return step.commands
}

/** A timer knows its node by the path. */
function wake({ state, commands }: Step, { to, what }: MigratedNode): void {
  const held = to === null || what !== 'moved' ? undefined : state.nodes[to]
  if (to !== null && held && 'due' in held && held.due !== null)
    commands.push({ type: 'wake-at', path: to, due: held.due })
}

function renamed(paths: Map<string, string | null>, path: string): string | null {
  const exact = paths.get(path)
  if (exact !== undefined) return exact
  for (const scope of scopesFrom(scopeOf(path))) {
    const holder = holderOf(scope)
    const to = paths.get(holder)
    if (to !== undefined) return to === null ? null : to + path.slice(holder.length)
  }
  return path
}

function rename(state: WorkflowState, to: (path: string) => string | null): void {
  const nodes: WorkflowState['nodes'] = {}
  const values: WorkflowState['values'] = {}
  for (const path in state.nodes) {
    const next = isUndo(path) ? undoOf(to(path.slice(1)) ?? path.slice(1)) : to(path)
    if (next !== null) nodes[next] = state.nodes[path] as NodeState
  }
  for (const path in state.values) {
    const next = to(path)
    if (next !== null) values[next] = state.values[path] ?? null
  }
  state.nodes = nodes
  state.values = values
  state.undo = state.undo.map((entry) => ({ ...entry, path: to(entry.path) ?? entry.path }))
  const { undoing } = state
  if (undoing) state.undoing = { ...undoing, undone: undoing.undone.map((path) => to(path) ?? path) }
}

const underWay = ({ is }: NodeState): boolean =>
  is === 'running' || is === 'backoff' || is === 'waiting' || is === 'child' || is === 'open'

function checkMapping(from: Program, to: Program, mapping: Mapping): void {
  for (const [old, next] of Object.entries(mapping)) {
    if (!from.nodes.has(old)) throw refusal(`version ${from.definition.version} has no node "${old}"`)
    if (next !== null && !to.nodes.has(next)) throw refusal(`version ${to.definition.version} has no node "${next}"`)
  }
}

function checkPhase({ definition }: Program, { phase }: WorkflowState): void {
  const { next, initial, completed, failed, retry } = definition.lifecycle
  if (phase in next || [initial, completed, failed, retry].includes(phase)) return
  throw refusal(`version ${definition.version} knows no phase ${phase}`)
}

const refusal = (why: string): Terminal =>
  new Terminal('MIGRATION_REFUSED', `the workflow cannot be migrated: ${why}`, {
    hint: 'map each node that is under way to one of the same kind in the same place, or wait until it has ended',
  })
