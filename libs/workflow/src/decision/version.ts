/** Order of versions as Semantic Versioning 2.0.0, section 11, has it; what is missing or no number counts as 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)]
  for (let i = 0; i < 3; i++) {
    const difference = (left.numbers[i] ?? 0) - (right.numbers[i] ?? 0)
    if (difference !== 0) return difference
  }
  if (left.label === right.label) return 0
  // A version without a label is the release that the labelled ones lead up to.
  if (left.label === '' || right.label === '') return left.label === '' ? 1 : -1
  return compareLabels(left.label.split('.'), right.label.split('.'))
}

function compareLabels(left: readonly string[], right: readonly string[]): number {
  for (const [i, one] of left.entries()) {
    const other = right[i]
    if (other === undefined) return 1
    if (one === other) continue
    const [a, b] = [/^\d+$/.test(one), /^\d+$/.test(other)]
    if (a && b) return Number(one) - Number(other)
    if (a !== b) return a ? -1 : 1
    return one < other ? -1 : 1
  }
  return left.length - right.length
}

function parse(version: string): { numbers: number[]; label: string } {
  const [core = '', ...label] = (version.replace(/^v/, '').split('+', 1)[0] ?? '').split('-')
  return { numbers: core.split('.').map((part) => Number(part) || 0), label: label.join('-') }
}
