/**
 * F9: a small module made by several specialists. Each step that leaves something behind names what takes it away again (F3):
 * when an example fails, a person says no, or somebody cancels, the directory is as it was.
 *
 *     analyse -> assign -> reserve -> branch -> source
 *       -> ( strip -> measure | tests | docs ) -> run tests -> review -> sign off, if there are findings
 *       -> pack -> publish -> verify -> close, or the end of a dry run
 */
import {
  and,
  coalesce,
  defineWorkflow,
  eq,
  not,
  now,
  type Approval,
  type Lifecycle,
  type Ref,
  type RootFlow,
} from '@pitcrew/workflow'
import { callable } from '../callable.ts'
import type { Requirements } from './analyse.ts'
import type { Measures } from './measure.ts'
import type { Published } from './publish.ts'
import type { Review, ToReview } from './review.ts'
import type { TestRun } from './run-tests.ts'
import type { ModuleSpec, Specialist } from './spec.ts'
import type { Assignment, Role, ToAssign } from './team.ts'

export interface SoftwareInput {
  /** Below the host's root. */
  directory: string
  module: ModuleSpec
  team: Specialist[]
  /** Of one function; beyond it a person is asked. */
  maxComplexity: number
  /** For the tests to run, milliseconds. */
  testMs: number
  /** For a person to sign off, milliseconds; after that it counts as refused. */
  reviewMs: number
  /** Everything but the release, and then all of it undone. */
  dryRun: boolean
}

export interface SoftwareResult {
  /** Null for a dry run, and when a person refused. */
  published: Published | null
  by: Assignment['by']
  tests: TestRun
  measures: Measures
  review: Review
  signOff: Approval | null
}

interface At {
  directory: string
}
type AtModule = At & { module: ModuleSpec; by: string }
interface Written {
  files: string[]
  by: string
}
interface Packed extends Written {
  integrity: string
  bytes: number
}
type Release = At & { name: string; version: string }

const quick = 30_000
const longestTests = 120_000
export const capabilities = {
  analyse: callable<{ module: ModuleSpec }, Requirements>('software.analyse', quick),
  assign: callable<ToAssign, Assignment>('software.assign', quick),
  reserve: callable<At, null>('software.reserve-environment', quick),
  release: callable<At, null>('software.release-environment', quick),
  openBranch: callable<At, null>('software.open-branch', quick),
  deleteBranch: callable<At, null>('software.delete-branch', quick),
  writeSource: callable<AtModule, Written>('software.write-source', quick),
  strip: callable<AtModule, Written>('software.strip-types', quick),
  writeTests: callable<AtModule, Written>('software.write-tests', quick),
  writeDocs: callable<AtModule & { team: Record<Role, string> }, Written>('software.write-docs', quick),
  remove: callable<At & { files: string[] }, null>('software.remove-files', quick),
  measure: callable<At & { module: ModuleSpec }, Measures>('software.measure', quick),
  runTests: callable<At & { module: ModuleSpec; timeoutMs: number }, TestRun>(
    'software.run-tests',
    longestTests + quick,
  ),
  review: callable<ToReview & { by: string }, Review>('software.review', quick),
  pack: callable<AtModule, Packed>('software.pack', quick),
  publish: callable<Release & { integrity: string }, Published>('software.publish', quick),
  withdraw: callable<Release, null>('software.withdraw', quick),
  verify: callable<Release & { integrity: string }, { bytes: number }>('software.verify', quick),
} as const
export const mostTestMs = longestTests

const lifecycle: Lifecycle = {
  initial: 'RECEIVED',
  completed: 'DONE',
  failed: 'FAILED',
  retry: 'RETRY',
  next: {
    RECEIVED: ['PLANNING'],
    PLANNING: ['BUILDING'],
    BUILDING: ['TESTING'],
    TESTING: ['REVIEWING'],
    REVIEWING: ['SIGNING_OFF', 'RELEASING', 'DONE'],
    SIGNING_OFF: ['RELEASING', 'DONE'],
    RELEASING: ['DONE'],
  },
}

/** Another task may take its time with the directory: it is asked for again for a quarter of an hour. */
const untilFree = { attempts: 33, backoffMs: [1_000, 2_000, 5_000, 10_000, 30_000] }

export const softwareTask = defineWorkflow<SoftwareInput, SoftwareResult>(
  'software-task',
  1,
  lifecycle,
  (flow, input) => {
    const { module, directory, team, maxComplexity, testMs: timeoutMs } = input
    const needs = flow.task('analyse', capabilities.analyse, { phase: 'PLANNING', input: { module } })
    const { by } = flow.task('assign', capabilities.assign, { input: { team, expertise: needs.expertise, now } })
    prepare(flow, { directory, module, by })
    const { code: measures } = build(flow, { directory, module, by })
    flow.checkpoint('built', { name: 'the module is written' })
    const tests = flow.task('run-tests', capabilities.runTests, {
      phase: 'TESTING',
      input: { directory, module, timeoutMs },
    })
    flow.checkpoint('tested', { name: 'all examples hold' })
    const review = flow.task('review', capabilities.review, {
      phase: 'REVIEWING',
      input: { module, measures, maxComplexity, by: by.review },
    })
    const signOff = flow.approval('sign-off', {
      phase: 'SIGNING_OFF',
      when: and(not(review.approved), not(input.dryRun)),
      reason: review.summary,
      approvers: 'reviewer',
      timeoutMs: input.reviewMs,
      onTimeout: 'reject',
    })
    const so = { by, tests, measures, review, signOff }
    const undone = { undo: true, result: { published: null, ...so } }
    flow.end('dry-run', 'dry-run', { when: eq(input.dryRun, true), ...undone })
    flow.end('refused', 'refused', { when: not(coalesce<boolean>(signOff.approved, true)), ...undone })
    return { published: ship(flow, { directory, module, by }), ...so } as never
  },
)

interface Parts {
  directory: Ref<string>
  module: Ref<ModuleSpec>
  by: Ref<Assignment['by']>
}

function prepare(flow: RootFlow, { directory, module, by }: Parts): void {
  flow.task('reserve', capabilities.reserve, {
    phase: 'BUILDING',
    input: { directory },
    retry: untilFree,
    undo: () => ({ capability: capabilities.release, input: { directory } }),
  })
  flow.task('branch', capabilities.openBranch, {
    input: { directory },
    undo: () => ({ capability: capabilities.deleteBranch, input: { directory } }),
  })
  flow.checkpoint('designed', { name: 'there is a place to work' })
  flow.task('source', capabilities.writeSource, {
    input: { directory, module, by: by.code },
    undo: removing(directory),
  })
}

/** Side by side: what runs, what tests it, and what tells of it. */
function build(
  flow: RootFlow,
  { directory, module, by }: Parts,
): Ref<{ code: Measures; tests: Written; docs: Written }> {
  const undo = removing(directory)
  return flow.parallel<{ code: Measures; tests: Written; docs: Written }>('build', {
    code: (side) => {
      side.task('strip', capabilities.strip, { input: { directory, module, by: by.build }, undo })
      return side.task('measure', capabilities.measure, { input: { directory, module } })
    },
    tests: (side) => side.task('tests', capabilities.writeTests, { input: { directory, module, by: by.tests }, undo }),
    docs: (side) =>
      side.task('docs', capabilities.writeDocs, { input: { directory, module, by: by.docs, team: by }, undo }),
  })
}

/** Once it is out and checked, it stays: what comes after only tidies up. */
function ship(flow: RootFlow, { directory, module, by }: Parts): Ref<Published> {
  const packed = flow.task('pack', capabilities.pack, {
    phase: 'RELEASING',
    input: { directory, module, by: by.release },
    undo: removing(directory),
  })
  const release = { directory, name: module.name, version: module.version }
  const published = flow.task('publish', capabilities.publish, {
    input: { ...release, integrity: packed.integrity },
    undo: () => ({ capability: capabilities.withdraw, input: release }),
  })
  flow.task('verify', capabilities.verify, { input: { ...release, integrity: packed.integrity } })
  flow.commit('out')
  flow.task('close-branch', capabilities.deleteBranch, { input: { directory } })
  flow.task('free', capabilities.release, { input: { directory } })
  return published
}

function removing(directory: Ref<string>) {
  return ({ files }: Ref<Written>) => ({ capability: capabilities.remove, input: { directory, files } })
}
