/** Mean Gregorian month, days. */
export const daysPerMonth = 30.436875

const msPerMonth = daysPerMonth * 86_400_000

/**
 * Start of service: the day of first registration, or failing that the first day of the build month, which makes the time
 * in service a little too long and so the rates a little too low.
 */
export function startOfService(vehicle: { inServiceDate: string; buildMonth: string }): string | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(vehicle.inServiceDate)) return vehicle.inServiceDate
  if (/^\d{4}-\d{2}$/.test(vehicle.buildMonth)) return `${vehicle.buildMonth}-01`
  return undefined
}

/** Months from the start of service to `at` (ISO); 0 when it is unknown or in the future. */
export function monthsInService(start: string | undefined, at: string): number {
  if (start === undefined) return 0
  const months = (Date.parse(at) - Date.parse(start)) / msPerMonth
  return Number.isFinite(months) && months > 0 ? months : 0
}
