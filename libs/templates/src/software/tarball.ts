/** F9: a package as npm packs it: a ustar archive (POSIX.1-1988) of `package/...`, gzipped, the same bytes for the same files. */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Files } from './workspace.ts'

const block = 512

/** @param files by their path below `package/`, shorter than 90 characters */
export function tarball(files: Files): Uint8Array {
  const parts = Object.entries(files)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, content]) => {
      const body = Buffer.from(content)
      return [headerOf(`package/${path}`, body.length), body, Buffer.alloc((block - (body.length % block)) % block)]
    })
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * block)]), { level: 9 })
}

/** Subresource integrity, as package managers write it. */
export const integrityOf = (bytes: Uint8Array): string =>
  `sha512-${createHash('sha512').update(bytes).digest('base64')}`

function headerOf(path: string, size: number): Buffer {
  const header = Buffer.alloc(block)
  const octal = (value: number, at: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'ascii')
  header.write(path, 0, 100, 'utf8')
  octal(0o644, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size, 124, 12)
  octal(0, 136, 12)
  header.write('        ', 148, 'ascii')
  header.write('0', 156, 'ascii')
  header.write('ustar\x0000', 257, 'ascii')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'ascii')
  return header
}
