/** The engine's side of a task: hands it out over the TASKS stream and takes the result from the agent. */
import { agent, type Capability } from '@pitcrew/contracts'
import { fromWire, type WireFailure } from '@pitcrew/errors'
import { taskSubject, type Messaging } from '@pitcrew/messaging'
import { eventually } from '@pitcrew/testing'

const partition = 0
const workflowId = 'case-workflow'

export async function testEngine(messaging: Messaging) {
  const results = new Map<string, agent.TaskResult[]>()
  const inbox = await messaging.respond(`workflow.results.${partition}`, {}, async (data) => {
    const reported = agent.ReportResultsRequest.decode(data).results
    for (const result of reported) results.set(keyOf(result), [...(results.get(keyOf(result)) ?? []), result])
    const receptions = reported.map(() => ({ refusal: undefined }))
    return agent.ReportResultsResponse.encode({ receptions }).finish()
  })

  return {
    /** Hands out one attempt `copies` times and gives what came back, one for each copy. @throws what the agent failed with */
    async run<I, O>(
      capability: Capability<I, O>,
      path: string,
      input: I,
      { attempt = 1, copies = 1 } = {},
    ): Promise<O[]> {
      const taskId = `${workflowId}/${path}`
      const task = agent.Task.fromPartial({
        taskId,
        workflowId,
        capability: capability.name,
        priority: agent.Priority.HIGH,
        attempt,
        input: Buffer.from(JSON.stringify(capability.request.toJSON(input))),
        partition,
      })
      // Ids of their own, so that the broker lets the copies through.
      const subject = taskSubject(capability.name, 2)
      const sent = Array.from({ length: copies }, (_, copy) =>
        messaging.send(subject, agent.TaskBatch.encode({ tasks: [task] }).finish(), {
          id: `${taskId}:${attempt}:${copy}`,
        }),
      )
      await Promise.all(sent)
      const got = await eventually(() => atLeast(copies, results.get(`${taskId}:${attempt}`)), { timeoutMs: 20_000 })
      return got.map(({ output, failure }) => {
        if (failure !== undefined) throw fromWire(failure as WireFailure)
        return capability.response.fromJSON(JSON.parse(Buffer.from(output ?? []).toString()))
      })
    },
    stop: () => inbox.stop(),
  }
}

function atLeast<T>(count: number, found: T[] = []): T[] {
  if (found.length < count) throw new Error(`${found.length} of ${count} results came`)
  return found
}

function keyOf({ taskId, attempt }: agent.TaskResult): string {
  return `${taskId}:${attempt}`
}
