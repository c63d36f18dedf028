export { telematicsIngestService } from './service.ts'
export { measureHistory, type HistoryFigures } from './measure-history.ts'
