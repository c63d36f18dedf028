/** Where tasks wait: a subject and a consumer for each capability and priority, 1 (urgent) to 4 (routine). */
export const taskPriorities = [1, 2, 3, 4] as const

export type TaskPriority = (typeof taskPriorities)[number]

export const taskSubject = (capability: string, priority: TaskPriority): string => `task.${capability}.${priority}`

/** Word that some tasks are not waited for any more. Every agent hears it, since who has a task is nobody's to know. */
export const cancelledSubject = 'agent.task-cancelled'

export const taskDurable = (capability: string, priority: TaskPriority): string =>
  `${capability.replaceAll('.', '_')}_${priority}`
