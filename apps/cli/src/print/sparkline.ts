const bars = '▁▂▃▄▅▆▇█'

/** One character a value, from the lowest to the highest; a space where there is none. A line in the middle when all are equal. */
export function sparkline(values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined)
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const barOf = (value: number): string =>
    high > low ? bars[Math.round(((value - low) / (high - low)) * (bars.length - 1))]! : bars[3]!
  return values.map((value) => (value === undefined ? ' ' : barOf(value))).join('')
}
