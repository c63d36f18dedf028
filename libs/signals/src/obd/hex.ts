/** "7b"; "nothing" for a byte that is not there. */
export const hexByte = (byte: number | undefined): string =>
  byte === undefined ? 'nothing' : byte.toString(16).toUpperCase().padStart(2, '0')

/** "41 05 7B", at most `most` bytes of it. */
export const hexBytes = (bytes: Uint8Array, most: number): string =>
  Array.from(bytes.subarray(0, most), hexByte).join(' ') + (bytes.length > most ? ' ...' : '')
