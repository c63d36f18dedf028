/**
 * ISO 3779: 17 characters, digits and capitals without I, O and Q. Position 9 is a check digit only in North America
 * (49 CFR 565.15), where the first character is 1 to 5; elsewhere makers use it as they like.
 */
const pattern = /^[A-HJ-NPR-Z0-9]{17}$/

const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]

const letterValues: Record<string, number> = {
  ...{ A: 1, B: 2, C: 3, D: 4, E: 5, F: 6, G: 7, H: 8 },
  ...{ J: 1, K: 2, L: 3, M: 4, N: 5, P: 7, R: 9 },
  ...{ S: 2, T: 3, U: 4, V: 5, W: 6, X: 7, Y: 8, Z: 9 },
}

/** What is wrong with a VIN in upper case, or undefined. The VIN itself is not repeated: it can identify a person. */
export function vinProblem(vin: string): string | undefined {
  if (vin.length !== 17) return `vin has ${vin.length} characters: expected 17 (ISO 3779)`
  if (!pattern.test(vin))
    return 'vin holds a character that ISO 3779 does not allow: expected A-Z and 0-9 without I, O, Q'
  if (!/^[1-5]/.test(vin)) return undefined
  const expected = checkDigit(vin)
  return vin[8] === expected ? undefined : `vin has check digit ${vin[8]}: expected ${expected} (49 CFR 565.15)`
}

export function checkDigit(vin: string): string {
  let sum = 0
  for (let i = 0; i < 17; i++) sum += weights[i]! * (letterValues[vin[i]!] ?? Number(vin[i]))
  return sum % 11 === 10 ? 'X' : String(sum % 11)
}
