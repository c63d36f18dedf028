import { expect, test } from '@jest/globals'
import { proposalFor } from './corrective-actions.ts'

const general = proposalFor('something-new', 'something-else')

test.each([
  ['coolant-leak', 'radiator', /pressure-test/],
  ['thermostat-stuck-open', 'thermostat', /inspect the part/],
  ['alternator-worn', 'alternator', /charging voltage/],
  ['battery-aged', 'battery', /conductance-test/],
  ['coil-degraded', 'ignition-coil', /misfire counters/],
  ['vacuum-leak', 'intake-hose', /fuel trims/],
  ['catalyst-aged', 'catalyst', /response time/],
  ['worn', 'brake-pad', /people are at risk/],
  ['oil-pump-worn', 'oil-pump', /oil pressure/],
])('L7 %s of %s has proposals of its own', (mode, component, containment) => {
  const proposal = proposalFor(mode, component)
  expect(proposal.containment).toMatch(containment)
  expect(proposal.corrective.length).toBeGreaterThan(0)
})

test('L7 a failure mode that nobody described still gets a general proposal', () => {
  expect(general.corrective.length).toBeGreaterThan(0)
  expect(proposalFor('repair-of-boiler', 'boiler')).toEqual(general)
})
