import { describe, expect, test } from '@jest/globals'
import { capabilities, scheduling } from '@pitcrew/contracts'
import { handle, type TaskContext } from './index.ts'

const context = {} as TaskContext
const bytes = (text: string) => new TextEncoder().encode(text)

describe('a handler', () => {
  test('is given the request of its capability, with every field, and gives the response in JSON', async () => {
    const handler = handle(capabilities.holdSlot, async (input) => {
      expect(input).toEqual(scheduling.HoldSlotRequest.fromPartial({ caseId: 'c1' }))
      return scheduling.HoldSlotResponse.fromPartial({})
    })
    expect(handler).toMatchObject({ capability: 'scheduling.hold-slot', timeoutMs: 30_000 })
    const output = JSON.parse(
      new TextDecoder().decode(await handler.invoke(bytes('{"caseId":"c1"}'), context)),
    ) as object
    expect(output).toEqual(JSON.parse(JSON.stringify(scheduling.HoldSlotResponse.fromPartial({}))))
  })

  test.each(['', 'nonsense', '[]', 'null', '"c1"', '\xff'])('refuses %j as BAD_INPUT', async (input) => {
    const handler = handle(capabilities.holdSlot, () => Promise.reject(new Error('never called')))
    await expect(handler.invoke(bytes(input), context)).rejects.toMatchObject({ kind: 'terminal', code: 'BAD_INPUT' })
  })
})
