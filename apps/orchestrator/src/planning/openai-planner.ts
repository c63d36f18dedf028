/** F1: plans by a language model behind any OpenAI-compatible endpoint. */
import { Terminal } from '@pitcrew/errors'
import { setTimeout as sleep } from 'node:timers/promises'
import { ChatCompletions, type ChatOptions } from './chat-completions.ts'
import type { Planner } from './plan.ts'
import { messagesFor, schemaForModels } from './prompt.ts'

const defaults = {
  key: '',
  timeoutMs: 60_000,
  attempts: 3,
  mostBytes: 1_000_000,
  pause: async (ms: number, signal?: AbortSignal): Promise<void> => {
    await sleep(ms, undefined, { signal })
  },
}

export function openAiPlanner(
  options: Pick<ChatOptions, 'baseUrl' | 'model'> & Partial<Omit<ChatOptions, 'baseUrl' | 'model'>>,
): Planner {
  const chat = new ChatCompletions({ ...defaults, ...options })
  return {
    name: 'model',
    async plan(goal, catalogue, asking = {}) {
      return parse(await chat.ask(messagesFor(goal, catalogue, asking), schemaForModels, asking.signal))
    },
  }
}

/** Models without schemas like to wrap their JSON in a fence. */
function parse(content: string): unknown {
  const bare = /^\s*```(?:json)?\s*([\s\S]*?)```\s*$/.exec(content)?.[1] ?? content
  try {
    return JSON.parse(bare)
  } catch (cause) {
    throw new Terminal('BAD_ANSWER', 'the content of the answer is not JSON', {
      cause,
      details: { content: content.length },
    })
  }
}
