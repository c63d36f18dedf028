import { describe, expect, test } from '@jest/globals'
import { candumpRows, createIsoTp, readingsOfRaw, type CanFrame } from '../index.ts'

const frame = (id: number, hex: string): CanFrame => ({
  id,
  extended: id > 0x7ff,
  data: Uint8Array.from(hex.split(' '), (two) => Number.parseInt(two, 16)),
})

function listen(...frames: CanFrame[]) {
  const isoTp = createIsoTp()
  const messages: string[] = []
  const refusals: string[] = []
  for (const one of frames) {
    const step = isoTp.accept(one)
    if (step.message) messages.push(Buffer.from(step.message).toString('hex'))
    refusals.push(...step.refusals.map(({ code }) => code))
  }
  refusals.push(...isoTp.end().map(({ code }) => code))
  return { messages, refusals }
}

const first = frame(0x7e8, '10 0A 43 04 01 33 01 71')
const second = frame(0x7e8, '21 02 17 04 20 AA AA AA')

describe('ISO 15765-2', () => {
  test('N2 single frames and long responses come out whole, of 11 and of 29 bits', () => {
    expect(listen(frame(0x7e8, '03 41 05 7B 00 00 00 00')).messages).toEqual(['41057b'])
    expect(listen(first, second)).toEqual({ messages: ['43040133017102170420'], refusals: [] })
    const long = [frame(0x18daf110, '10 0A 43 04 01 33 01 71'), frame(0x18daf110, '21 02 17 04 20 00 00 00')]
    expect(listen(...long).messages).toHaveLength(1)
  })

  test('N2 the same frame twice counts once; a lost, cut or orphaned one ends the response with a reason', () => {
    const long = frame(0x7e8, '10 12 43 08 01 01 01 02')
    const parts = [frame(0x7e8, '21 01 03 01 04 01 05 01'), frame(0x7e8, '22 06 01 07 01 08 00 00')]
    expect(listen(long, parts[0]!, parts[0]!, parts[1]!).messages).toHaveLength(1)
    expect(listen(long, parts[1]!)).toEqual({ messages: [], refusals: ['INCOMPLETE_TRANSFER'] })
    expect(listen(long, frame(0x7e8, '21 01'))).toEqual({ messages: [], refusals: ['INCOMPLETE_TRANSFER'] })
    expect(listen(second)).toEqual({ messages: [], refusals: ['BAD_TRANSPORT_FRAME'] })
    expect(listen(first)).toEqual({ messages: [], refusals: ['INCOMPLETE_TRANSFER'] })
    expect(listen(first, first, second)).toEqual({
      messages: ['43040133017102170420'],
      refusals: ['INCOMPLETE_TRANSFER'],
    })
  })

  test('N2 any number of senders that never finish leaves a bounded number of transfers open', () => {
    const isoTp = createIsoTp()
    for (let address = 0; address < 256; address++) isoTp.accept({ ...first, id: 0x18daf100 + address, extended: true })
    expect(isoTp.end()).toHaveLength(32)
  })

  test('N2 codes of a response on CAN have the count before them, whatever the padding makes of the length', () => {
    const { faults, hasDtcs } = readingsOfRaw({ obd: [], can: [frame(0x7e8, '04 43 01 01 43 00 00 00')] })
    expect(faults.map(({ code }) => code)).toEqual(['P0143'])
    expect(hasDtcs).toBe(true)
  })
})

describe('candump', () => {
  const read = (text: string) =>
    [...candumpRows(text)].map((row) => {
      if (row.kind === 'rejected') return `${row.line} ${row.code}`
      if (row.kind === 'blank') return `${row.line} blank`
      const { line, id, extended, data, timeMs } = row.frame
      return `${line} ${id.toString(16)} ${extended} ${Buffer.from(data).toString('hex')} ${timeMs}`
    })

  test('N2 the log format and the one for people are read, with and without a time', () => {
    const text = [
      '(1436509052.249713) vcan0 18FEEE00#5AFFFFFFFFFFFFFF',
      '(1436509052.300000) can0 7E8#0341057B T',
      ' (001.000250)  can0  18FEEE00   [8]  5A FF FF FF FF FF FF FF',
      "  vcan0  7E8   [4]  03 41 05 7B   '.A.{'",
      'can0 123#',
    ].join('\n')
    expect(read(text)).toEqual([
      '1 18feee00 true 5affffffffffffff 1436509052249.713',
      '2 7e8 false 0341057b 1436509052300',
      '3 18feee00 true 5affffffffffffff 1000.25',
      '4 7e8 false 0341057b undefined',
      '5 123 false  undefined',
    ])
  })

  test('N2 bad lines are errors with their number, remote and error frames carry nothing', () => {
    const text = [
      ...['hello', 'can0 7E8#034', 'can0 8FF#00', 'can0 18FEEE00#001122334455667788', 'can0 FFFFFFFF#00'],
      ...['can0 7E8 [3] 01 02', 'can0 7E8#R', 'can0 20000004#0004000000000000', '# a comment', ''],
    ].join('\n')
    expect(read(text)).toEqual([
      ...['1 NOT_CANDUMP', '2 NOT_CANDUMP', '3 BAD_CAN_FRAME', '4 BAD_CAN_FRAME', '5 blank'],
      ...['6 BAD_CAN_FRAME', '7 blank', '8 blank', '9 blank', '10 blank'],
    ])
  })
})
