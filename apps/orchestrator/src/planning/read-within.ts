import { Terminal } from '@pitcrew/errors'

/** The body as text. Stops reading, and the other side sending, beyond `mostBytes`. */
export async function readWithin(response: Response, mostBytes: number): Promise<string> {
  const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined
  if (!reader) return ''
  const parts: Uint8Array[] = []
  let bytes = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    bytes += next.value.byteLength
    if (bytes > mostBytes) {
      await reader.cancel()
      throw new Terminal('BAD_ANSWER', `the planner answered with more than ${mostBytes} bytes`)
    }
    parts.push(next.value)
  }
  return new TextDecoder().decode(Buffer.concat(parts))
}
