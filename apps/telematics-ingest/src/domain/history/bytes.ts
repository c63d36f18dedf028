/** Bytes written and read in order: variable-length integers (LEB128, as in protobuf), zigzag for signed ones, float64. */
import { Terminal } from '@pitcrew/errors'

const word = new DataView(new ArrayBuffer(8))

export class ByteWriter {
  #bytes = Buffer.allocUnsafe(1_024)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** From 0 to 2^53 - 1. */
  varint(value: number): void {
    this.#room(8)
    while (value > 0x7f) {
      this.#bytes[this.#length++] = (value % 128) | 0x80
      value = value > 0x7fffffff ? Math.floor(value / 128) : value >>> 7
    }
    this.#bytes[this.#length++] = value
  }

  /** Between -2^52 and 2^52. */
  zigzag(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value)
  }

  byte(value: number): void {
    this.#room(1)
    this.#bytes[this.#length++] = value
  }

  float(value: number): void {
    this.#room(8)
    this.#length = this.#bytes.writeDoubleLE(value, this.#length)
  }

  append(bytes: Uint8Array): void {
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** A copy. */
  finish(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length))
  }

  reset(): void {
    this.#length = 0
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#length + more))
    this.#bytes.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
  }
}

/** Throws Terminal HISTORY_CHUNK_INVALID when there is less than is read. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  varint(): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte()
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
      if (factor > 2 ** 49) throw invalidChunk('a number is longer than 8 bytes')
    }
  }

  zigzag(): number {
    const value = this.varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  byte(): number {
    this.#require(1)
    return this.#bytes[this.#at++]!
  }

  float(): number {
    this.#require(8)
    this.#at += 8
    return this.#view.getFloat64(this.#at - 8, true)
  }

  take(length: number): Uint8Array {
    this.#require(length)
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  #require(more: number): void {
    if (this.#at + more > this.#bytes.length) throw invalidChunk(`it ends at byte ${this.#bytes.length}`)
  }
}

export const invalidChunk = (why: string): Terminal =>
  new Terminal('HISTORY_CHUNK_INVALID', `a stored chunk of history cannot be read: ${why}`, {
    hint: 'restore the database from a backup, or delete the chunk: the others are not affected',
  })

/** The bits of a float64 as two 32-bit halves, high and low. */
export function halves(value: number): [number, number] {
  word.setFloat64(0, value)
  return [word.getUint32(0), word.getUint32(4)]
}

export function fromHalves(high: number, low: number): number {
  word.setUint32(0, high)
  word.setUint32(4, low)
  return word.getFloat64(0)
}
