/**
 * 32-bit FNV-1a over UTF-8 (draft-eastlake-fnv, offset basis 2166136261, prime 16777619): the same number in every
 * process and release, because what is kept for a key stays where the key was.
 */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7f) return hashOfBytes(new TextEncoder().encode(text))
    hash = Math.imul(hash ^ code, 0x01000193)
  }
  return hash >>> 0
}

function hashOfBytes(bytes: Uint8Array): number {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

/** 0 to `partitions` - 1. Keys move when the number of partitions changes. */
export function partitionOf(key: string, partitions: number): number {
  return stableHash(key) % partitions
}
