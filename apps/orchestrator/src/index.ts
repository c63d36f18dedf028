export { orchestratorService } from './service.ts'
export { vehicleCase } from './domain/vehicle-case.ts'
