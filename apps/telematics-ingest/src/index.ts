export { telematicsIngestService } from './service.ts'
