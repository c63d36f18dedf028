import { describe, expect, test } from '@jest/globals'
import { answerInOrder } from './stream-frames.ts'

function scripted(count: number) {
  let read = 0
  const gates = Array.from({ length: count }, () => Promise.withResolvers<string>())
  const sent: string[] = []
  async function* requests() {
    for (let i = 0; i < count; i++) {
      read += 1
      yield i
    }
  }
  return {
    gates,
    sent,
    read: () => read,
    run: (window: number) =>
      answerInOrder(
        requests(),
        async (i) => ({ answer: gates[i]!.promise }),
        async (text) => void sent.push(text),
        window,
      ),
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('answers of a stream', () => {
  test('N2 leave in the order of the requests, whichever is durable first', async () => {
    const { gates, sent, run } = scripted(3)
    const done = run(8)
    gates[2]!.resolve('c')
    gates[1]!.resolve('b')
    await settle()
    expect(sent).toEqual([])
    gates[0]!.resolve('a')
    await done
    expect(sent).toEqual(['a', 'b', 'c'])
  })

  test('N2 no more is read than the window holds', async () => {
    const { gates, read, run } = scripted(5)
    const done = run(2)
    await settle()
    expect(read()).toBe(2)
    gates.forEach(({ resolve }, i) => resolve(String(i)))
    await done
    expect(read()).toBe(5)
  })

  test('N2 while a request waits for room, no more is read', async () => {
    let read = 0
    const room = Promise.withResolvers<void>()
    async function* requests() {
      for (; read < 3; read++) yield read
    }
    const begin = async (i: number) => {
      if (i === 1) await room.promise
      return { answer: Promise.resolve(i) }
    }
    const sent: number[] = []
    const done = answerInOrder(requests(), begin, async (i) => void sent.push(i), 8)
    await settle()
    expect([read, sent]).toEqual([1, [0]])
    room.resolve()
    await done
    expect(sent).toEqual([0, 1, 2])
  })

  test('N1 a failure ends the stream, and nothing after it is answered', async () => {
    const { gates, sent, run } = scripted(3)
    const done = run(8)
    gates[0]!.resolve('a')
    gates[2]!.resolve('c')
    await settle()
    gates[1]!.reject(new Error('broker away'))
    await expect(done).rejects.toThrow('broker away')
    await settle()
    expect(sent).toEqual(['a'])
  })
})
