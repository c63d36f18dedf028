/** C3: the six nodes by name. */
import type { Look } from '../text/passage.ts'
import type { Analysis, NodeName } from './analysis.ts'
import { analyseConsistency } from './consistency.ts'
import { analyseReadability } from './readability.ts'
import { analyseRepetition } from './repetition.ts'
import { analyseStructure } from './structure.ts'
import { analyseStyle } from './style.ts'
import { analyseVocabulary } from './vocabulary.ts'

export const nodes: Readonly<Record<NodeName, (look: Look) => Analysis>> = {
  structure: analyseStructure,
  readability: analyseReadability,
  vocabulary: analyseVocabulary,
  repetition: analyseRepetition,
  style: analyseStyle,
  consistency: analyseConsistency,
}
