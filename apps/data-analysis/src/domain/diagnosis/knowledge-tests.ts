/**
 * Tests that tell failure modes apart: what a driver can say, and what a workshop measures. Probabilities of a yes are
 * workshop experience, as those of the modes are. A mode that is not listed answers as `otherwise`.
 */
import type { FailureTest } from './failure-test.ts'
import { bodyTests } from './knowledge-tests-body.ts'
import { engineTests } from './knowledge-tests-engine.ts'

export const failureTests: readonly FailureTest[] = [...engineTests, ...bodyTests]
