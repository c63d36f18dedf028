/**
 * How many entries a list answers with: 0 leaves it to us and too many become the most (https://google.aip.dev/158), so a caller
 * need not know the bounds.
 */
export function listLimit(asked: number, { usual = 100, most = 1_000 } = {}): number {
  return asked > 0 ? Math.min(asked, most) : usual
}
