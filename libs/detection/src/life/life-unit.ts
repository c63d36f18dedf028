/** The history of one piece of equipment: evenly spaced steps (cycles, hours, trips), every signal a column over them. */
export interface LifeUnit {
  id: string
  /** Steps observed. */
  steps: number
  /** By signal name, one value per step; NaN where nothing was read. */
  signals: Record<string, ArrayLike<number>>
  /** True: it failed at its last step. False: it was still running then (right-censored). */
  failed: boolean
}
