/** `0.4 s`, `12.3 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** A time to failure for people: minutes, hours or days, whichever reads best. */
export function hours(value: number): string {
  if (value < 1) return `${Math.round(value * 60)} min`
  return value < 48 ? `${trim(value)} h` : `${trim(value / 24)} d`
}

const trim = (value: number): string => (value < 10 ? value.toFixed(1).replace(/\.0$/, '') : String(Math.round(value)))
