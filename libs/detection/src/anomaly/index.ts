export { anomalyThreshold, anomalyTuning, createAnomalyState, stepAnomaly } from './anomaly.ts'
export type { AnomalyState, AnomalyStep, AnomalyTuning } from './anomaly.ts'
export { anomalyViews, type AnomalyView } from './views.ts'
