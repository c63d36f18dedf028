const tabulated = 256

const table = (() => {
  const values = [0]
  for (let n = 1; n < tabulated; n++) values.push(values[n - 1]! + Math.log(n))
  return values
})()

/**
 * ln(n!) for an integer n >= 0; relative error below 1e-13.
 * Above the table Stirling's series, Abramowitz & Stegun 6.1.41 with z = n + 1, whose next term is under 1e-20 there.
 */
export function logFactorial(n: number): number {
  const known = table[n]
  if (known !== undefined) return known
  const z = n + 1
  const series = 1 / (12 * z) - 1 / (360 * z ** 3) + 1 / (1260 * z ** 5)
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series
}

export function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k)
}

/** Terms this much below the greatest one no longer change a sum in double precision. */
const negligible = 45

/** Sum of exp(logTerm(k)) for k = from..to of a unimodal sequence; stops once past the mode and too small to matter. */
export function sumOfExponentials(from: number, to: number, logTerm: (k: number) => number): number {
  let greatest = -Infinity
  let sum = 0
  for (let k = from; k <= to; k++) {
    const term = logTerm(k)
    if (term > greatest) {
      sum = sum * Math.exp(greatest - term) + 1
      greatest = term
    } else {
      if (term < greatest - negligible) break
      sum += Math.exp(term - greatest)
    }
  }
  return sum === 0 ? 0 : sum * Math.exp(greatest)
}
