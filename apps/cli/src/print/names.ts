/** Names of the contracts' enums for people: `PHASE_IN_SERVICE` is IN_SERVICE, `VEHICLE_SYSTEM_FUEL_AIR` is fuel air. */
const prefixes =
  /^(PHASE|WORKFLOW_STATUS|URGENCY(?!_ASSESSMENT)|VEHICLE_SYSTEM|CHANNEL|MESSAGE_KIND|MESSAGE_STATUS|BOOKING_STATUS|REPLY_KIND|PRIORITY|ITERATION_REASON|ALERT_STATUS|MODEL_STATUS|DUE_STATE|DUE_MEASURE)_/

export const plain = (name: string): string => name.replace(prefixes, '')

export const words = (name: string): string => plain(name).toLowerCase().replaceAll('_', ' ')
