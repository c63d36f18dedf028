import type { z } from 'zod'
import type { Service } from './define.ts'
import { settingsSchema } from './settings.ts'

export interface EnvKey {
  key: string
  description: string
  required: boolean
  default?: string
}

/** Every environment variable that a service reads, its own first. */
export function describeEnv(service: Service): EnvKey[] {
  return [service.config, settingsSchema(service.name)].flatMap(({ shape }) =>
    Object.entries(shape).map(([key, type]) => describeKey(key, type as z.ZodType)),
  )
}

function describeKey(key: string, type: z.ZodType): EnvKey {
  const absent = type.safeParse(undefined)
  const described = { key, description: type.description ?? '', required: !absent.success }
  return absent.data === undefined ? described : { ...described, default: String(absent.data) }
}
