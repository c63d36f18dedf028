import type { Evaluation } from '../evaluation.ts'
import { measure } from './measure.ts'

export const evaluateNab: Evaluation = ({ dataDir, onProgress }) =>
  new Promise((resolve) => resolve(measure(dataDir, onProgress)))
