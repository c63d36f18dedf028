/**
 * C4: Bayes over the failure modes of the system, from the supports of the other five nodes and from answers to tests.
 * 1. Probabilities sum to 1; what nobody thought of keeps a share of its own.
 * 2. Evidence for a mode never lowers it, and the order of evidence does not matter.
 */
import type { VehicleSystem } from '@pitcrew/signals'
import { proposeTests, type ProposedTest } from './choose-test.ts'
import type { Skill } from './failure-mode.ts'
import { yesOf, type FailureTest } from './failure-test.ts'
import { failureTests } from './knowledge-tests.ts'
import { modesOf } from './knowledge.ts'
import { boundedRatio, type Candidate, type NodeResult } from './node-result.ts'

export interface Hypothesis {
  failureMode: string
  component: string
  probability: number
  parts: string[]
  labourHours: number
  skill: Skill
  explanation: string
  speaksFor: string[]
  speaksAgainst: string[]
}

export interface Answer {
  /** Name of the test. */
  test: string
  yes: boolean
}

export interface Ranking {
  /** Most probable first; probabilities sum to 1. */
  hypotheses: Hypothesis[]
  /** Probability that the first is right, lowered by missing evidence. */
  confidence: number
  /** What would best tell the hypotheses apart; empty when there is nothing to tell apart. */
  nextQuestion: string
  /** The most worthwhile first. */
  tests: ProposedTest[]
}

const nodeCount = 5
/** The nodes look at the same vehicle from different sides, so their evidence overlaps. */
const overlap = 0.85
/** Share of the confidence that all nodes together must earn. */
const coverageShare = 0.25
/** Of failures that are none of the modes we know. */
const otherPrior = 0.05
export const otherMode = 'other'
/** Weaker news is no reason that anybody wants to read. */
const tellingLog = 0.15
const mostTests = 5

interface Scored extends Omit<Hypothesis, 'probability' | 'explanation'> {
  weight: number
  /** How much likelier the answers are than if it were something else. */
  answers: number
}

export function rankHypotheses({
  system,
  results,
  answers = [],
}: {
  system: VehicleSystem
  results: readonly NodeResult[]
  answers?: readonly Answer[]
}): Ranking {
  const tests = failureTests.filter((test) => test.system === system)
  const answered = tests.flatMap((test) => {
    const said = answers.findLast((answer) => answer.test === test.name)
    return said === undefined ? [] : [{ test, yes: said.yes }]
  })
  const scored = scoresOf(system, results, answered)
  const total = scored.reduce((sum, { weight }) => sum + weight, 0)
  const candidates = candidatesOf(results)
  const left = 1 - candidates.reduce((sum, { probability }) => sum + probability, 0)
  const hypotheses = normalised([
    ...scored.map((one) => hypothesisOf(one, ((left * one.weight) / total) * one.answers)),
    ...candidates.map(ofCandidate),
  ])
  const informative = new Set(results.filter(({ supports }) => supports.length > 0).map(({ node }) => node)).size
  const coverage = Math.min(informative / nodeCount, 1)
  const open = tests.filter((test) => !answered.some((one) => one.test === test))
  const proposed = proposeTests(hypotheses, open).slice(0, mostTests)
  return {
    hypotheses,
    confidence: (hypotheses[0]?.probability ?? 0) * (1 - coverageShare * (1 - coverage)),
    nextQuestion: proposed[0]?.test.question ?? usualTest(system, hypotheses),
    tests: proposed,
  }
}

/** Where no test tells enough: the check that confirms the first. */
const usualTest = (system: VehicleSystem, [first]: readonly Hypothesis[]): string =>
  modesOf(system).find(({ name }) => name === first?.failureMode)?.test ?? ''

function scoresOf(
  system: VehicleSystem,
  results: readonly NodeResult[],
  answered: readonly { test: FailureTest; yes: boolean }[],
): Scored[] {
  const modes = modesOf(system)
  const other = { name: otherMode, component: 'not known', parts: [], labourHours: 1, skill: 'diagnostics' as const }
  return [...modes, { ...other, prior: otherPrior }].map(({ name, component, prior, parts, labourHours, skill }) => {
    const scored: Scored = {
      failureMode: name,
      component,
      answers: 1,
      weight: name === otherMode ? otherPrior : prior * (1 - otherPrior),
      parts,
      labourHours,
      skill,
      speaksFor: [],
      speaksAgainst: [],
    }
    for (const { supports } of results)
      for (const { failureMode, likelihoodRatio, because } of supports)
        if (failureMode === name && Number.isFinite(likelihoodRatio)) {
          scored.weight *= boundedRatio(likelihoodRatio) ** overlap
          note(scored, likelihoodRatio, because)
        }
    for (const { test, yes } of answered) {
      const likelihood = (mode: string) => (yes ? yesOf(test, mode) : 1 - yesOf(test, mode))
      const ratio = likelihood(name) / likelihood(otherMode)
      scored.answers *= ratio
      note(scored, ratio, `${test.question} ${yes ? 'Yes' : 'No'}`)
    }
    return scored
  })
}

function note(scored: Scored, ratio: number, because: string): void {
  if (Math.abs(Math.log(ratio)) <= tellingLog) return
  if (ratio > 1) scored.speaksFor.push(because)
  else scored.speaksAgainst.push(because)
}

/** However many there are, something else keeps a chance. */
const mostOfCandidates = 0.95

function candidatesOf(results: readonly NodeResult[]): Candidate[] {
  const all = results.flatMap(({ candidates = [] }) => candidates)
  const sum = all.reduce((so, { probability }) => so + probability, 0)
  const share = sum > mostOfCandidates ? mostOfCandidates / sum : 1
  return all.map((one) => ({ ...one, probability: one.probability * share }))
}

function normalised(hypotheses: readonly Hypothesis[]): Hypothesis[] {
  const total = hypotheses.reduce((sum, { probability }) => sum + probability, 0)
  return hypotheses
    .map((one) => ({ ...one, probability: one.probability / total }))
    .toSorted((a, b) => b.probability - a.probability)
}

function hypothesisOf({ weight: _, answers: __, ...scored }: Scored, probability: number): Hypothesis {
  const reasons = [
    ...scored.speaksFor.map((because) => `for: ${because}`),
    ...scored.speaksAgainst.map((because) => `against: ${because}`),
  ]
  const unknown =
    scored.failureMode === otherMode
      ? 'what is none of the known failures'
      : 'by experience only: no evidence for or against it'
  return { ...scored, probability, explanation: reasons.length > 0 ? reasons.join('. ') : unknown }
}

const ofCandidate = ({ because, ...rest }: Candidate): Hypothesis => ({
  ...rest,
  explanation: `for: ${because}`,
  speaksFor: [because],
  speaksAgainst: [],
})
