import { expect, test } from '@jest/globals'
import { parseConfig } from '@pitcrew/service'
import { z } from 'zod'
import { modelPlanner, plannerSettings } from './config.ts'

const settings = (env: Record<string, string>) => parseConfig(z.object(plannerSettings), env)

test('F1 without an endpoint there is no model planner, with one there is', () => {
  expect(modelPlanner(settings({}))).toBeUndefined()
  const env = { PLANNER_BASE_URL: 'http://127.0.0.1:11434/v1', PLANNER_MODEL: 'm', PLANNER_API_KEY: 'secret-key' }
  expect(modelPlanner(settings(env))?.name).toBe('model')
  expect(JSON.stringify(modelPlanner(settings(env)))).not.toContain('secret-key')
})

test.each([
  [{ PLANNER_BASE_URL: 'http://127.0.0.1:1/v1' }, /PLANNER_MODEL/],
  [{ PLANNER_BASE_URL: 'nowhere', PLANNER_MODEL: 'm' }, /PLANNER_BASE_URL/],
  [{ PLANNER_BASE_URL: 'http://models.example/v1', PLANNER_MODEL: 'm', PLANNER_API_KEY: 'secret-key' }, /unencrypted/],
])('F1 settings that cannot work end the start: %j', (env, message) => {
  expect(() => modelPlanner(settings(env))).toThrow(message)
})
