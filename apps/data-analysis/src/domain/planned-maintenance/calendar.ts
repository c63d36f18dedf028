/** So many months later, at the same time of day (UTC); on the month's last day where it has no such day. */
export function addMonths(atMs: number, months: number): number {
  const at = new Date(atMs)
  const day = at.getUTCDate()
  const shifted = new Date(atMs)
  shifted.setUTCDate(1)
  shifted.setUTCMonth(at.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(shifted.getUTCFullYear(), shifted.getUTCMonth() + 1, 0)).getUTCDate()
  shifted.setUTCDate(Math.min(day, lastDay))
  return shifted.getTime()
}
