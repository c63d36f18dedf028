export { startTelematicsApi, type TelematicsApi, type TelematicsApiOptions } from './telematics-api.ts'
export { troubles, type Trouble } from './trouble.ts'
