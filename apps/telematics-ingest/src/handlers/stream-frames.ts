/**
 * Works on several requests of a stream at once and answers each in the order in which they came. Invariants:
 * 1. Answer n leaves only after answers 1 to n - 1: what the sender has an answer for is durable, the rest is its to resend.
 * 2. At most `window` requests are under way, and one waits to begin; until it has, no more are read, which is how the
 *    sender is slowed down.
 * 3. The first failure ends the stream; no later answer is sent.
 */
export interface Begun<Res> {
  answer: Promise<Res>
}

export async function answerInOrder<Req, Res>(
  requests: AsyncIterable<Req>,
  begin: (request: Req) => Promise<Begun<Res>>,
  send: (response: Res) => Promise<void>,
  window: number,
): Promise<void> {
  let underWay = 0
  let sent = Promise.resolve()
  let roomAgain = Promise.withResolvers<void>()
  const failure = Promise.withResolvers<never>()
  // Whoever waits sees the failure through the race; unobserved it must not end the process.
  failure.promise.catch(() => undefined)

  const startOn = async (request: Req) => {
    const { answer } = await begin(request)
    underWay += 1
    answer.catch(failure.reject)
    sent = sent.then(async () => send(await answer))
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
    await Promise.race([startOn(next.value), failure.promise])
  }
  await Promise.race([sent, failure.promise])
}
