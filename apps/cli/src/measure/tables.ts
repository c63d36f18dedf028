/** Figures for people: tables with a title, and the targets as one of them. */
import { reached, type Report } from './report.ts'
import { rounded } from './statistics.ts'

export interface Titled {
  title: string
  head: string[]
  rows: string[][]
}

export const number = (value: number): string => rounded(value).toLocaleString('en-US')

export function targetTable({ metrics, targets }: Report): Titled {
  const rows = Object.entries(targets).map(([name, target]) => {
    const value = metrics[name]
    const words = value === undefined ? 'not measured' : number(value)
    return [name, `${target.cmp} ${number(target.want)}`, words, reached(value, target) ? 'met' : 'missed']
  })
  return { title: 'Targets:', head: ['target', 'wanted', 'measured', ''], rows }
}
