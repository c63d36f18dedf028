/** One data set, and how the product's own detectors are scored on it. */
import type { Measurement } from '../measure/measurement.ts'

export interface EvaluationOptions {
  /** Folder of the data set, absolute. */
  dataDir: string
  onProgress: (words: string) => void
}

/** Deterministic: the same data gives the same figures. Throws Terminal DATA_SET_INCOMPLETE when a file is missing or malformed. */
export type Evaluation = (options: EvaluationOptions) => Promise<Measurement>
