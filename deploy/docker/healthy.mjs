/** Exit code 0 when the URL answers with success; default: that the service of this container is alive. */
const url = process.argv[2] ?? 'http://127.0.0.1:9090/healthz'

try {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_500) })
  process.stdout.write(`${answer.status} ${(await answer.text()).slice(0, 2_000)}\n`)
  process.exitCode = answer.ok ? 0 : 1
} catch (error) {
  process.stdout.write(`${url} does not answer: ${error.cause?.message ?? error.message}\n`)
  process.exitCode = 1
}
