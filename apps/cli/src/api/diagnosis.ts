/** The diagnosis of an alert at the platform's REST door, as the command line uses it. */
import { diagnosis } from '@pitcrew/contracts'
import { askJson } from './http.ts'
import { openGateway, type Target } from './locate.ts'

export interface AnswerWish {
  test: string
  yes: boolean
  note: string
}

/** Each answer in its turn, then how the diagnosis stands. Throws Retryable NO_PLATFORM. */
export async function diagnose(
  target: Target,
  alertId: string,
  answers: readonly AnswerWish[],
): Promise<diagnosis.Diagnosis | undefined> {
  const url = `${openGateway(target).url}/v1/alerts/${encodeURIComponent(alertId)}/diagnosis`
  const options = { token: process.env.PITCREW_TOKEN || undefined }
  for (const body of answers) await askJson(`${url}/answers`, { ...options, method: 'POST', body })
  return diagnosis.DiagnoseAlertResponse.fromJSON(await askJson(url, options)).diagnosis
}
