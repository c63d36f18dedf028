import type { MessageFns } from './gen/pitcrew/agent/v1/agent.ts'

/** A generated message: its name, binary form and proto3 JSON form. */
export type Codec<T> = Pick<MessageFns<T>, 'encode' | 'decode' | 'fromJSON' | 'toJSON' | 'fromPartial'>
