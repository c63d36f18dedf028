/** C4: what an alert may be about, and what would tell. */
import type { analysis, diagnosis } from '@pitcrew/contracts'
import { diagnose } from '../api/diagnosis.ts'
import type { Target } from '../api/locate.ts'
import { table } from '../print/table.ts'
import { json, line } from './output.ts'

export interface DiagnoseOptions extends Target {
  json?: boolean
  yes: string[]
  no: string[]
  note: string
}

export async function diagnoseAlert(alertId: string, { yes, no, note, ...options }: DiagnoseOptions): Promise<void> {
  const found = await diagnose(options, alertId, [
    ...yes.map((test) => ({ test, yes: true, note })),
    ...no.map((test) => ({ test, yes: false, note })),
  ])
  if (options.json) return json(found)
  if (found !== undefined) line(diagnosisText(found))
}

const percent = (share: number) => `${Math.round(share * 100)} %`

export function diagnosisText({ hypotheses, confidence, tests, answers }: diagnosis.Diagnosis): string {
  const parts = [hypotheses.map(hypothesisText).join('\n'), `confidence ${percent(confidence)}`]
  if (answers.length > 0)
    parts.push(['answered:', ...answers.map(({ question, yes }) => `  ${question} ${yes ? 'Yes' : 'No'}`)].join('\n'))
  parts.push(tests.length === 0 ? 'nothing that could be asked would tell more' : testsTable(tests))
  return parts.join('\n\n')
}

function hypothesisText(one: analysis.Hypothesis): string {
  const { probability, failureMode, component, parts, labourHours, reasons } = one
  const takes = [...parts, `${labourHours} h`].join(', ')
  return [
    `${percent(probability).padStart(5)}  ${failureMode} (${component}); takes ${takes}`,
    ...(reasons?.speaksFor ?? []).map((reason) => `         + ${reason}`),
    ...(reasons?.speaksAgainst ?? []).map((reason) => `         - ${reason}`),
  ].join('\n')
}

const testsTable = (tests: readonly analysis.TestProposal[]): string =>
  table(
    ['test', 'ask', 'minutes', 'question', 'first if yes', 'first if no'],
    tests.map(({ test, asks, minutes, question, firstIfYes, firstIfNo }) => [
      test,
      asks,
      String(minutes),
      question,
      percent(firstIfYes),
      percent(firstIfNo),
    ]),
  )
