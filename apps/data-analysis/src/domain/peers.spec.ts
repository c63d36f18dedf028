import { describe, expect, test } from '@jest/globals'
import { assess } from './assess.ts'
import { generatedDrive } from './measurement/generated-drive.ts'
import { peerFindings, peerGroupOf, peerLevelsOf } from './peers.ts'
import { alone } from './surroundings.ts'
import { createVehicleState } from './vehicle-state.ts'
import { watch } from './watch.ts'

const voltage = 'Vehicle.LowVoltageBattery.CurrentVoltage'

/** `sagBy`: volts that the supply is lower than that of its peers, from the first frame on: never normal, so never learned. */
function driven(variant: number, sagBy = 0, surroundings = alone) {
  const state = createVehicleState(`v${variant}`)
  const watched = generatedDrive(variant, 16).map((frame) => {
    const values = { ...frame.values, [voltage]: frame.values[voltage]! - sagBy }
    return watch(state, { ...frame, values }, surroundings)
  })
  return { state, watched }
}

describe('peers of the same model and age', () => {
  const peers = peerLevelsOf([0, 1, 2, 3, 4, 5].map((variant) => driven(variant).state))

  test('C4 N3 a vehicle that was never like its peers is told apart, and its peers are not', () => {
    const odd = driven(7, 0.9).state
    const [found, ...others] = peerFindings(odd, peers)
    expect(others).toEqual([])
    expect(found).toMatchObject({ system: 'CHARGING', detector: 'peers', feature: 'charging-low' })
    expect(found!.value).toBeLessThan(found!.expected - 0.6)
    expect(peerFindings(driven(8).state, peers)).toEqual([])
  })

  test('N3 differing from peers supports other evidence and raises no alert alone', () => {
    const [found] = peerFindings(driven(7, 0.9).state, peers)
    expect(assess([found!])[0]!.probability).toBeLessThan(0.6)
    const { watched } = driven(7, 0, { ...alone, peers })
    expect(watched.flatMap(({ decisions }) => decisions)).toEqual([])
  })

  test('N3 fewer than five peers say nothing, and groups are of one model and age', () => {
    expect(peerLevelsOf([0, 1, 2, 3].map((variant) => driven(variant).state))).toEqual({})
    const year = 365.25 * 86_400_000
    expect(peerGroupOf('Garza', 2 * year)).toBe(peerGroupOf('Garza', 3 * year))
    expect(new Set([0.5, 2, 5, 12].map((age) => peerGroupOf('Garza', age * year))).size).toBe(4)
    expect(peerGroupOf('Garza', undefined)).not.toBe(peerGroupOf('Lince', undefined))
  })
})
