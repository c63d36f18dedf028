export { costOf, estimateProgress, type Cost, type Estimate } from './estimate.ts'
export { measure, type Durations, type Measured } from './measured.ts'
export type { Progressing } from './running.ts'
export type { Span } from './weights.ts'
