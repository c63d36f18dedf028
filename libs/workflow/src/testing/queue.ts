import type { TaskQueue, TaskToRun } from '../runner/ports.ts'

/** Keeps what was dispatched, for a test to take up in the order it likes. */
export class MemoryTasks implements TaskQueue {
  readonly tasks: TaskToRun[] = []

  async dispatch(tasks: TaskToRun[]): Promise<void> {
    this.tasks.push(...tasks)
  }

  /** Takes the oldest task for the capability, or of any. */
  take(capability?: string): TaskToRun | undefined {
    const index = this.tasks.findIndex((task) => capability === undefined || task.capability === capability)
    return index < 0 ? undefined : this.tasks.splice(index, 1)[0]
  }
}
