/**
 * Which test to make next: by the information about the failure mode that its answer is expected to bring (mutual
 * information of answer and mode, in bits; Lindley 1956), over the time it takes.
 */
import { yesOf, type FailureTest } from './failure-test.ts'

export interface Weighed {
  failureMode: string
  probability: number
}

export interface ProposedTest {
  test: FailureTest
  gainBits: number
  /** That the answer is yes. */
  yes: number
  /** Probability of the first hypothesis after either answer. */
  firstIfYes: number
  firstIfNo: number
}

/** Below this the answer would change nothing. */
const leastGain = 0.01
/** Asking costs a message or a visit's turn, however short the answer. */
const overheadMinutes = 5

const entropy = (p: number) => (p <= 0 || p >= 1 ? 0 : -p * Math.log2(p) - (1 - p) * Math.log2(1 - p))

/** `ranked`: most probable first, summing to 1. The most worthwhile first. */
export function proposeTests(ranked: readonly Weighed[], tests: readonly FailureTest[]): ProposedTest[] {
  const [first] = ranked
  if (first === undefined) return []
  const worth = ({ gainBits, test }: ProposedTest) => gainBits / (overheadMinutes + test.minutes)
  return tests
    .map((test) => proposal(test, ranked, first))
    .filter(({ gainBits }) => gainBits >= leastGain)
    .toSorted((a, b) => worth(b) - worth(a))
}

function proposal(test: FailureTest, ranked: readonly Weighed[], first: Weighed): ProposedTest {
  let yes = 0
  let noise = 0
  for (const { failureMode, probability } of ranked) {
    const ifPresent = yesOf(test, failureMode)
    yes += probability * ifPresent
    noise += probability * entropy(ifPresent)
  }
  const ifFirst = yesOf(test, first.failureMode)
  return {
    test,
    gainBits: Math.max(entropy(yes) - noise, 0),
    yes,
    firstIfYes: (first.probability * ifFirst) / yes,
    firstIfNo: (first.probability * (1 - ifFirst)) / (1 - yes),
  }
}
