export { orchestratorOf, orchestratorService } from './service.ts'
export type { Template } from './templates/index.ts'
export { vehicleCase } from './domain/vehicle-case.ts'
