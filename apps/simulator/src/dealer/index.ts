export { dealerApi, type DealerApi, type DealerApiOptions } from './api.ts'
export type { ApiFaults } from './faults.ts'
export type { Appointment, TrueFault, WorkOrder } from './workshop.ts'
