export { dataAnalysisService } from './service.ts'
/** For measuring detection against injected faults, which this service must not know. */
export * as detection from './detection.ts'
