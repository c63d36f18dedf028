/** The diagnosis of an alert at the platform's REST door, as the command line uses it. */
import { diagnosis } from '@pitcrew/contracts'
import { path } from './door.ts'
import { openDoor, type Target } from './locate.ts'

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
  const door = openDoor(target)
  const at = path`/v1/alerts/${alertId}/diagnosis`
  for (const body of answers) await door.post(`${at}/answers`, body)
  return diagnosis.DiagnoseAlertResponse.fromJSON(await door.get(at)).diagnosis
}
