/**
 * Upper bound (one-sided, 95 %) of a Poisson mean of which `count` events were seen: the mean at which so few or fewer have
 * a chance of 5 % (Garwood 1936). 3.0 for none.
 */
export function poissonUpper95(count: number): number {
  let low = count
  let high = count + 5 + 4 * Math.sqrt(count + 1)
  for (let pass = 0; pass < 60; pass++) {
    const mean = (low + high) / 2
    if (chanceOfAtMost(count, mean) > 0.05) low = mean
    else high = mean
  }
  return high
}

function chanceOfAtMost(count: number, mean: number): number {
  let term = Math.exp(-mean)
  let sum = term
  for (let events = 1; events <= count; events++) sum += term *= mean / events
  return sum
}
