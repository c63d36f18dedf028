/**
 * A comment as others may read it: addresses, numbers long enough to be a phone, and the customer's own name are struck out.
 * The comment as it was written stays here, sealed.
 */
export function redact(text: string, name: string): string {
  const names = name
    .split(/\s+/)
    .filter((part) => part.length > 2)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const plain = text
    .replace(/[^\s@]+@[^\s@]*[\p{L}\p{N}]/gu, '[e-mail]')
    .replace(/\+?\d(?:[\s().-]*\d){6,}/g, '[number]')
  if (names.length === 0) return plain
  return plain.replace(new RegExp(`(?<![\\p{L}\\p{N}])(?:${names.join('|')})(?![\\p{L}\\p{N}])`, 'giu'), '[name]')
}
