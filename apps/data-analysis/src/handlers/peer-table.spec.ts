import { expect, test } from '@jest/globals'
import { createVehicleState, watch } from '../domain/index.ts'
import { generatedDrive } from '../domain/measurement/generated-drive.ts'
import { peerTable, type PeerState } from './peer-table.ts'

const nowMs = Date.UTC(2026, 10, 20)
const yearMs = 365.25 * 86_400_000

/** A vehicle that was driven for some time, registered so many years ago. */
function driven(variant: number, years: number | undefined, vehicleModel = 'van'): PeerState {
  const state = createVehicleState(`v${variant}`)
  for (const frame of generatedDrive(variant, 35)) watch(state, frame)
  return {
    vehicleModel,
    inServiceMs: years === undefined ? undefined : nowMs - years * yearMs,
    monitors: state.monitors,
  }
}

test('C4 peers are vehicles of the same model and age, once there are enough of them', async () => {
  const young = Array.from({ length: 6 }, (_, i) => driven(i, 2))
  const known: PeerState[] = [...young, driven(7, 12), driven(8, 2, 'lorry')]
  const table = peerTable({ latest: async () => known }, () => nowMs)
  expect(table.levels('van', nowMs - 2 * yearMs)).toBeUndefined()
  await table.refresh()
  const levels = table.levels('van', nowMs - 2 * yearMs)
  expect(Object.values(levels ?? {}).map(({ count }) => count)).toContain(6)
  expect(table.levels('van', nowMs - 12 * yearMs)).toEqual({})
  expect(table.levels('lorry', nowMs - 2 * yearMs)).toEqual({})
  expect(table.levels('', nowMs)).toBeUndefined()
})
