/**
 * The set calls its codes error1 to error5. As a vehicle they are sent as codes that SAE J2012 leaves to manufacturers: error1 is
 * P1001. Any other name stays as it is.
 */
export function codeOfError(name: string): string {
  const digits = /^error(\d{1,3})$/.exec(name)?.[1]
  return digits === undefined ? name : `P1${digits.padStart(3, '0')}`
}
