/**
 * PIDs that are known by their length alone, so that the ones behind them in a response can be read (SAE J1979-DA): which PIDs
 * are supported, states and bit fields that no signal of the catalogue carries.
 */
const byLength: Record<number, readonly number[]> = {
  1: [0x12, 0x13, 0x1c, 0x1d, 0x1e, 0x51, 0x5f, 0x61, 0x62, 0x7d, 0x7e, 0x8e],
  2: [0x02, 0x03, 0x54, 0x55, 0x56, 0x57, 0x58, 0x63, 0x65],
  4: [0x00, 0x20, 0x40, 0x4f, 0x50, 0x60, 0x80, 0xa0, 0xc0],
  5: [0x64],
}

export const otherLengths: ReadonlyMap<number, number> = new Map(
  Object.entries(byLength).flatMap(([length, pids]) => pids.map((pid): [number, number] => [pid, Number(length)])),
)
