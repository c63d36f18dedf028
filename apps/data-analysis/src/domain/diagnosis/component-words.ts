/** Whether two texts name the same part: models, code tables and failure modes each have their own words for it. */

/** Shared by parts that have nothing else in common. */
const general = new Set(
  'a an and aged at bad battery but circuit control cooling does engine failed fault for from in internal is it its leak level line low lines not of on or out pipe rear front pressure sensor sleep supply system temperature that the to unit valve wiring with worn'.split(
    ' ',
  ),
)

const known = new Map<string, ReadonlySet<string>>()

export function namesSamePart(a: string, b: string): boolean {
  if (plain(a) === plain(b)) return plain(a) !== ''
  const others = wordsOf(b)
  for (const word of wordsOf(a)) if (others.has(word)) return true
  return false
}

const plain = (text: string) =>
  text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ')

function wordsOf(text: string): ReadonlySet<string> {
  const before = known.get(text)
  if (before !== undefined) return before
  const words = plain(text)
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2 && !general.has(word))
    .map((word) => word.replace(/(?<=[^s])s$/, ''))
  const set = new Set(words)
  // Texts are those of tables and models: few. What comes in by a model's name must not grow without end.
  if (known.size > 5_000) known.clear()
  known.set(text, set)
  return set
}
