/** The one line of JSON that a measurement ends in: metrics by name, and targets over some of them. */
export type Metrics = Record<string, number>

export interface Target {
  cmp: '>=' | '<='
  want: number
}

export interface Report {
  name: string
  protocol: Record<string, unknown>
  metrics: Metrics
  targets: Record<string, Target>
  /** Every target is there and reached; what could not be measured is not. */
  met: boolean
}

/** `met` follows from the rest. */
export function judge(measured: Omit<Report, 'met'>): Report {
  const { metrics, targets } = measured
  return { ...measured, met: Object.entries(targets).every(([name, target]) => reached(metrics[name], target)) }
}

export function reached(value: number | undefined, { cmp, want }: Target): boolean {
  if (value === undefined || Number.isNaN(value)) return false
  switch (cmp) {
    case '>=':
      return value >= want
    case '<=':
      return value <= want
  }
}
