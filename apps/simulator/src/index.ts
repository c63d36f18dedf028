export { startSimulator, type Simulator, type SimulatorOptions, type SimulatorPorts } from './simulator.ts'
export { seedFleet, seedVehicle, vehicleIdsOf, type Seeded, type SeedOptions } from './seed/seed-fleet.ts'
export { publicDoor, type PublicDoor, type PublicDoorOptions } from './seed/public-door.ts'
export { centres } from './seed/centres.ts'
export {
  developments,
  fault,
  faults,
  inject,
  type Development,
  type Fault,
  type FaultLimit,
  type FaultParameter,
} from './faults/index.ts'
export { startTelematicsApi, type TelematicsApi, type TelematicsApiOptions } from './telematics-api/index.ts'
export { createFleet, type Fleet, type VehicleStatus, type VehicleWish } from './vehicles/fleet.ts'
export { createSyntheticVehicle } from './vehicles/synthetic-vehicle.ts'
export { identityOf, type Identity } from './vehicles/models.ts'
export { trueFaultOf } from './vehicles/true-faults.ts'
export { carobdRows, createCarobdReader, readCarobdHeader, type CarobdRow } from './replay/carobd.ts'
export { dealerApi, type DealerApi } from './dealer/index.ts'
export { mailSink, type MailSink, type ReceivedMail } from './mail/index.ts'
export { personas, simulatedCustomers, type Persona } from './customers/index.ts'
