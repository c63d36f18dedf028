/** One line of JSON for each test that ended. */
interface TestEvent {
  type: string
  data: { name?: string; details?: { error?: { cause?: unknown; message?: string } } }
}

export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue
    const { cause, message } = data.details?.error ?? {}
    const error = Error.isError(cause) ? cause.message : (message ?? '')
    yield `${JSON.stringify({ name: data.name, ok: type === 'test:pass', error: String(error).slice(0, 500) })}\n`
  }
}
