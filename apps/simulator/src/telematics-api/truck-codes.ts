import { seededRandom } from '../vehicles/random.ts'

/** SAE J1939 for codes that have a counterpart there: a coolant that is too hot or too cold, a supply that is too low. */
const spnFmi: Record<string, { spn: number; fmi: number }> = {
  P0217: { spn: 110, fmi: 0 },
  P0128: { spn: 110, fmi: 17 },
  P0562: { spn: 168, fmi: 1 },
}

/** Half of the fleet has the electronics of a truck. */
const isTruck = (vehicleId: string) => seededRandom(`bus ${vehicleId}`)() < 0.5

/** How the vehicle tells the code if it does so by J1939. */
export const truckCode = (vehicleId: string, code: string) => (isTruck(vehicleId) ? spnFmi[code] : undefined)
