/** Hours, with a 90 % interval around the median. */
export interface HoursInterval {
  lowerHours: number
  medianHours: number
  upperHours: number
}

export const hours = (lowerHours: number, medianHours: number, upperHours: number): HoursInterval => ({
  lowerHours,
  medianHours,
  upperHours,
})

/** Time until a limit is reached, then from there to the failure. */
export const plus = (a: HoursInterval, b: HoursInterval): HoursInterval =>
  hours(a.lowerHours + b.lowerHours, a.medianHours + b.medianHours, a.upperHours + b.upperHours)
