/**
 * F8: evaluates workflows as they end and remembers what later ones are held against.
 *
 * Invariants
 *  L1 A workflow is held against a baseline that was made before its evaluation.
 *  L2 One workflow counts once in a window, however often it is evaluated; the last evaluation holds.
 *  L3 Memory is bounded: `window` + `recent` samples for each definition and version, `triesKept` attempts for each agent and
 *     capability.
 */
import { agentQualities, type AgentQuality, type Try } from './agent-quality.ts'
import { baselineOf, type Baseline, type Sample } from './baseline.ts'
import { evaluateWorkflow, sampleOf, type Evaluation } from './evaluate.ts'
import { expectations, type Expectation } from './expectation.ts'
import type { WorkflowHistory } from './history.ts'
import { regressionOf, type Regression } from './regression.ts'
import { trendOf, type Trend } from './trend.ts'
import { percent, valueText } from './wording.ts'

export interface LedgerOptions {
  /** Evaluations that a baseline is made of. */
  window?: number
  /** The last ones, which are held against the window before them. */
  recent?: number
  expectations?: Readonly<Record<string, Expectation>>
}

/** How a definition in one version does. */
export interface Standing {
  definition: string
  version: number
  evaluations: number
  baseline: Baseline | null
  regression: Regression
  trend: Trend
  /** Of what is wrong, in words; empty if nothing is. */
  findings: string[]
}

interface Book {
  definition: string
  version: number
  samples: Sample[]
  baseline: Baseline | null
  /** Samples added since the baseline was made. */
  added: number
}

const triesKept = 500
/** A baseline of a hundred hardly changes by a few. */
const refreshEvery = 10

export class EvaluationLedger {
  readonly #window: number
  readonly #recent: number
  readonly #expectations: Readonly<Record<string, Expectation>>
  readonly #books = new Map<string, Book>()
  readonly #tries = new Map<string, Try[]>()

  constructor({ window = 100, recent = 20, expectations: expected = expectations }: LedgerOptions = {}) {
    this.#window = window
    this.#recent = recent
    this.#expectations = expected
  }

  evaluate(history: WorkflowHistory): Evaluation {
    const book = this.#book(history.definition, history.version)
    const evaluation = evaluateWorkflow(history, book.baseline, this.#expectations[history.definition])
    this.remember(evaluation)
    return evaluation
  }

  /** Takes in an evaluation that was made before, after a restart from where they are stored; oldest first. */
  remember(evaluation: Evaluation): void {
    const book = this.#book(evaluation.definition, evaluation.version)
    const known = book.samples.findIndex(({ workflowId }) => workflowId === evaluation.workflowId)
    if (known >= 0) {
      book.samples[known] = sampleOf(evaluation)
      return
    }
    book.samples.push(sampleOf(evaluation))
    if (book.samples.length > this.#window + this.#recent) book.samples.shift()
    if (++book.added >= refreshEvery || book.baseline === null) {
      book.baseline = baselineOf(book.definition, book.version, book.samples.slice(-this.#window))
      book.added = 0
    }
    for (const { capability, node, tries } of evaluation.tasks) {
      // Of a node that was made at run time only its name is known.
      for (const one of tries) this.#note({ ...one, capability: capability || node })
    }
  }

  baseline(definition: string, version: number): Baseline | null {
    return this.#books.get(keyOf(definition, version))?.baseline ?? null
  }

  /** The last ones of this version against those before them; a new version against the one that `against` names. */
  standing(definition: string, version: number, against = version): Standing {
    const samples = this.#samples(definition, version)
    const recent = samples.slice(-this.#recent)
    const before =
      against === version ? samples.slice(0, -this.#recent) : this.#samples(definition, against).slice(-this.#window)
    const regression = regressionOf(recent, before)
    const trend = trendOf(samples.map(({ metrics: { score } }) => score ?? 0))
    return {
      definition,
      version,
      evaluations: samples.length,
      baseline: this.baseline(definition, version),
      regression,
      trend,
      findings: findingsOf(regression, trend),
    }
  }

  agents(): AgentQuality[] {
    return agentQualities([...this.#tries.values()].flat())
  }

  #samples(definition: string, version: number): readonly Sample[] {
    return this.#books.get(keyOf(definition, version))?.samples ?? []
  }

  #book(definition: string, version: number): Book {
    const key = keyOf(definition, version)
    const known = this.#books.get(key)
    if (known) return known
    const book: Book = { definition, version, samples: [], baseline: null, added: 0 }
    this.#books.set(key, book)
    return book
  }

  #note(one: Try): void {
    const key = `${one.agent} ${one.capability}`
    const kept = this.#tries.get(key)
    if (!kept) this.#tries.set(key, [one])
    else if (kept.push(one) > 2 * triesKept) kept.splice(0, triesKept)
  }
}

const keyOf = (definition: string, version: number): string => `${definition}@${version}`

function findingsOf(regression: Regression, trend: Trend): string[] {
  const shifts = regression.is === 'worse' ? regression.shifts : []
  const words = shifts.map(
    ({ metric, before, now, worse }) =>
      `${metric} went from ${valueText(metric, before)} to ${valueText(metric, now)}, ${percent(worse)} worse`,
  )
  if (trend.direction === 'worsening') {
    words.push(
      `the score falls by ${Math.abs(trend.slope).toFixed(2)} points with each workflow, over the last ${trend.count}`,
    )
  }
  return words
}
