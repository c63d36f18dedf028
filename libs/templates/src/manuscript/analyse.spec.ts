import { describe, expect, test } from '@jest/globals'
import { analyse } from './analyse.ts'
import { nodeNames } from './analysis.ts'
import { lookAt, longStory, story } from './spec-manuscript.ts'

describe('C1 a node at work', () => {
  test('C1 a long text is read on a thread, with the outcome that it has here', async () => {
    const look = lookAt(longStory(120_000))
    const here = nodeNames.map((node) => analyse(node, { ...look, text: look.text.slice(0, 99_999) }))
    expect(here.some((one) => one instanceof Promise)).toBe(false)
    const there = analyse('readability', look)
    expect(there).toBeInstanceOf(Promise)
    const short = { ...lookAt(story) }
    const long = { ...short, text: story.padEnd(100_000) }
    expect(await analyse('style', long)).toEqual(analyse('style', short))
    expect((await there).measures.words).toBeGreaterThan(1_000)
  })

  test('C1 a reading that nobody waits for any more ends', async () => {
    const aborter = new AbortController()
    const reading = analyse('repetition', lookAt(longStory(900_000), 4), aborter.signal)
    aborter.abort()
    await expect(reading).rejects.toMatchObject({ kind: 'cancelled' })
    await expect(analyse('style', lookAt(longStory(200_000)), aborter.signal)).rejects.toMatchObject({
      code: 'CANCELLED',
    })
  })

  test('C1 a reading that goes wrong says which', async () => {
    const broken = { ...lookAt(longStory(120_000)), segmentation: null as never }
    await expect(analyse('style', broken)).rejects.toMatchObject({
      kind: 'retryable',
      code: 'READING_FAILED',
      message: expect.stringMatching(/^style: /),
    })
  })
})
