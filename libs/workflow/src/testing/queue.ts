import type { TaskQueue, TaskToRun } from '../runner/ports.ts'

type TaskName = Pick<TaskToRun, 'workflowId' | 'path' | 'attempt'>

/** Keeps what was dispatched, for a test to take up in the order it likes. */
export class MemoryTasks implements TaskQueue {
  readonly tasks: TaskToRun[] = []
  /** What nobody waits for any more, in the order in which that was said. */
  readonly cancelled: TaskName[] = []

  async dispatch(tasks: TaskToRun[]): Promise<void> {
    this.tasks.push(...tasks)
  }

  /** A task that no agent has taken yet is taken back. */
  cancel(tasks: TaskName[]): void {
    this.cancelled.push(...tasks)
    for (const { workflowId, path, attempt } of tasks) {
      const index = this.tasks.findIndex(
        (task) => task.workflowId === workflowId && task.path === path && task.attempt === attempt,
      )
      if (index >= 0) this.tasks.splice(index, 1)
    }
  }

  /** Takes the oldest task for the capability, or of any. */
  take(capability?: string): TaskToRun | undefined {
    const index = this.tasks.findIndex((task) => capability === undefined || task.capability === capability)
    return index < 0 ? undefined : this.tasks.splice(index, 1)[0]
  }
}
