import type { Logger } from '../core/logger.ts'

/** Work that no caller waits for. Its failures are logged; `settle` waits for what is under way. */
export interface Background {
  /** Runs a task, unless one of this name is under way. */
  run(name: string, task: () => unknown): void
  settle(): Promise<void>
}

export function createBackground(logger: Logger): Background {
  const underWay = new Map<string, Promise<void>>()
  return {
    run(name, task) {
      if (underWay.has(name)) return
      const work = Promise.resolve()
        .then(task)
        .then(
          () => undefined,
          (error: unknown) => logger.error({ err: error, task: name }, 'a background task failed'),
        )
        .finally(() => underWay.delete(name))
      underWay.set(name, work)
    },
    async settle() {
      await Promise.all(underWay.values())
    },
  }
}
