/**
 * Works on several requests of a stream at once and answers each in the order in which they came. Invariants:
 * 1. Answer n leaves only after answers 1 to n - 1: what the sender has an answer for is durable, the rest is its to resend.
 * 2. At most `window` requests are under way; then no more are read, which is how the sender is slowed down.
 * 3. The first failure ends the stream; no later answer is sent.
 */
export async function answerInOrder<Req, Res>(
  requests: AsyncIterable<Req>,
  answer: (request: Req) => Promise<Res>,
  send: (response: Res) => Promise<void>,
  window: number,
): Promise<void> {
  let underWay = 0
  let sent = Promise.resolve()
  let roomAgain = Promise.withResolvers<void>()
  const failure = Promise.withResolvers<never>()
  // Whoever waits sees the failure through the race; unobserved it must not end the process.
  failure.promise.catch(() => undefined)

  const startOn = (request: Req) => {
    underWay += 1
    const answered = answer(request)
    answered.catch(failure.reject)
    sent = sent.then(async () => send(await answered))
    sent.then(() => {
      underWay -= 1
      roomAgain.resolve()
      roomAgain = Promise.withResolvers()
    }, failure.reject)
  }

  const source = requests[Symbol.asyncIterator]()
  for (;;) {
    while (underWay >= window) await Promise.race([roomAgain.promise, failure.promise])
    const next = await Promise.race([source.next(), failure.promise])
    if (next.done) break
    startOn(next.value)
  }
  await Promise.race([sent, failure.promise])
}
