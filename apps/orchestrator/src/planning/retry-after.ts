/** Milliseconds that the answer asks to wait: seconds or a date (RFC 9110, 10.2.3). Undefined if it does not say. */
export function waitMs(headers: Headers, now = Date.now()): number | undefined {
  const said = headers.get('retry-after')
  if (said === null) return undefined
  if (/^\d+(\.\d+)?$/.test(said)) return Math.ceil(Number(said) * 1_000)
  const date = Date.parse(said)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
