/** Figures in words, for people. */
import { metrics, type MetricName } from './metric.ts'

export const percent = (share: number): string => `${Math.round(share * 100)} %`
export const times = (factor: number): string => `${factor.toFixed(1)} times`
export const plain = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`
  return ms < 172_800_000 ? `${(ms / 3_600_000).toFixed(1)} h` : `${(ms / 86_400_000).toFixed(1)} d`
}

export function valueText(metric: MetricName, value: number): string {
  switch (metrics[metric].unit) {
    case 'ms':
      return duration(value)
    case 's':
      return duration(value * 1_000)
    case 'share':
      return percent(value)
    case 'points':
    case 'count':
      return String(Math.round(value * 100) / 100)
  }
}
