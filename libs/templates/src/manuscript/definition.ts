/**
 * F9: the review of a manuscript. It is cut into paragraphs once; then six nodes look at it, again and more widely for as long
 * as that makes the review surer (C6), and what they found becomes a list of recommendations (C2). An editor is asked when the
 * manuscript is not good enough by the numbers, or the numbers not sure enough.
 *
 *     segment -> ( structure | readability | style | vocabulary -> repetition, consistency -> judge ) ... -> recommend -> editor
 */
import {
  coalesce,
  defineWorkflow,
  literal,
  lt,
  now,
  or,
  when,
  type Approval,
  type Expr,
  type Flow,
  type Iteration,
  type IterationVerdict,
  type Lifecycle,
  type Limits,
  type Ref,
} from '@pitcrew/workflow'
import { callable } from '../callable.ts'
import type { Analysis, NodeName } from './analysis.ts'
import type { Judged, Known, Looked, Wanted } from './judge.ts'
import type { Report } from './recommend.ts'
import type { LookAt, Segmented, Source } from './source.ts'
import type { Vocabulary } from './vocabulary.ts'

export interface ManuscriptInput {
  title: string
  /** Null with a file. */
  text: string | null
  /** Below the host's folder; null with a text. */
  file: string | null
  /** How sure the review has to be, 0 to 1. */
  qualityThreshold: number
  maxIterations: number
  /** The score, 0 to 100, from which no editor is asked. */
  acceptScore: number
  /** For all looks together, milliseconds. */
  budgetMs: number
  /** For the editor to decide, milliseconds; after that it counts as returned. */
  editorMs: number
}

export interface ManuscriptReview {
  title: string
  accepted: boolean
  /** Null when nobody had to be asked. */
  editor: Approval | null
  report: Report
  words: number
  iterations: Iteration[]
  verdict: IterationVerdict
}

/** The widest look; with it all of the text has been read. */
export const widest = 4
/** Iterations that an input may ask for. */
export const mostIterations = 10

const minute = 60_000
export const capabilities = {
  segment: callable<Source, Segmented>('manuscript.segment', minute),
  structure: callable<LookAt, Analysis>('manuscript.structure', minute),
  readability: callable<LookAt, Analysis>('manuscript.readability', minute),
  vocabulary: callable<LookAt, Vocabulary>('manuscript.vocabulary', minute),
  repetition: callable<LookAt & { known: string[] }, Analysis>('manuscript.repetition', minute),
  style: callable<LookAt, Analysis>('manuscript.style', minute),
  consistency: callable<LookAt & { rare: string[] }, Analysis>('manuscript.consistency', minute),
  judge: callable<Looked, Judged>('manuscript.judge', minute),
  recommend: callable<{ known: Known; now: number }, Report>('manuscript.recommend', minute),
} as const

const lifecycle: Lifecycle = {
  initial: 'RECEIVED',
  completed: 'REVIEWED',
  failed: 'FAILED',
  retry: 'RETRY',
  next: {
    RECEIVED: ['ANALYSING'],
    ANALYSING: ['CONSOLIDATING'],
    CONSOLIDATING: ['WITH_EDITOR', 'REVIEWED'],
    WITH_EDITOR: ['REVIEWED'],
  },
}

interface Carried {
  known: Known
  wanted: Wanted
  window: number
  history: Iteration[]
  verdict: IterationVerdict | null
}

const all = <T>(value: T): Record<NodeName, T> => ({
  structure: value,
  readability: value,
  vocabulary: value,
  repetition: value,
  style: value,
  consistency: value,
})

const limitsOf = ({ qualityThreshold, maxIterations, budgetMs }: Ref<ManuscriptInput>) => ({
  quality: qualityThreshold,
  maxIterations,
  budgetMs,
  improvement: 0.01,
  patience: 2,
  maxErrorRate: 0.5,
  widest,
  maxRetries: 2,
})

export const manuscriptReview = defineWorkflow<ManuscriptInput, ManuscriptReview>(
  'manuscript-review',
  1,
  lifecycle,
  (flow, input) => {
    const segmentation = flow.task('segment', capabilities.segment, { input: { text: input.text, file: input.file } })
    const looked = flow.loop<Carried>('look', {
      initial: literal<Carried>({ known: all(null), wanted: all(true), window: 1, history: [], verdict: null }),
      max: mostIterations,
      phase: 'ANALYSING',
      run: (inner, carry) => {
        const judged = lookOnce(inner, { input, carry, segmentation })
        const { known, wanted, window, history, verdict } = judged
        return { next: { known, wanted, window, history, verdict } as never, until: verdict.stop }
      },
    })
    const report = flow.task('recommend', capabilities.recommend, {
      phase: 'CONSOLIDATING',
      input: { known: looked.known, now },
    })
    const unsure = or(lt(report.score, input.acceptScore), lt(report.certainty, input.qualityThreshold))
    const editor = flow.approval('editor', {
      phase: 'WITH_EDITOR',
      when: unsure,
      reason: looked.verdict.explanation,
      approvers: 'editor',
      timeoutMs: input.editorMs,
      onTimeout: 'reject',
    })
    return {
      title: input.title,
      accepted: when(unsure, coalesce<boolean>(editor.approved, false), true),
      editor,
      report,
      words: segmentation.words,
      iterations: looked.history,
      verdict: looked.verdict,
    } as never
  },
)

interface Around {
  input: Ref<ManuscriptInput>
  carry: Ref<Carried>
  segmentation: Ref<Segmented>
}

/** One look: those that are wanted side by side, but for the two that go on from what the vocabulary is. */
function lookOnce(flow: Flow, { input, carry, segmentation }: Around): Ref<Judged> {
  const begunAt = flow.value('begun', now)
  const look = { text: input.text, file: input.file, segmentation, window: carry.window, widest }
  const wanted = (node: NodeName): { when: Expr<boolean>; tolerates: 'anything' } => ({
    when: carry.wanted[node],
    tolerates: 'anything',
  })
  const after = ['begun']
  const structure = flow.task('structure', capabilities.structure, { ...wanted('structure'), after, input: look })
  const readability = flow.task('readability', capabilities.readability, {
    ...wanted('readability'),
    after,
    input: look,
  })
  const style = flow.task('style', capabilities.style, { ...wanted('style'), after, input: look })
  const vocabulary = flow.task('vocabulary', capabilities.vocabulary, { ...wanted('vocabulary'), after, input: look })
  const before = carry.known.vocabulary as Ref<Vocabulary>
  const known = coalesce<string[]>(vocabulary.overused, before.overused)
  const rare = coalesce<string[]>(vocabulary.rare, before.rare)
  const repetition = flow.task('repetition', capabilities.repetition, {
    ...wanted('repetition'),
    after: ['vocabulary'],
    input: { ...look, known },
  })
  const consistency = flow.task('consistency', capabilities.consistency, {
    ...wanted('consistency'),
    after: ['vocabulary'],
    input: { ...look, rare },
  })
  return flow.task('judge', capabilities.judge, {
    after: ['structure', 'readability', 'style', 'repetition', 'consistency'],
    input: {
      given: { structure, readability, vocabulary, repetition, style, consistency },
      wanted: carry.wanted,
      known: carry.known,
      history: carry.history,
      window: carry.window,
      limits: limitsOf(input) as unknown as Ref<Limits>,
      begunAt,
      endedAt: now,
    },
  })
}
