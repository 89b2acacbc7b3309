import type { Logger } from '../core/logger.ts'

/** Work that no caller waits for. Its failures are logged; `settle` waits for what is under way. */
export interface Background {
  run(name: string, task: () => unknown): void
  settle(): Promise<void>
}

export function createBackground(logger: Logger): Background {
  const underWay = new Set<Promise<void>>()
  return {
    run(name, task) {
      const work = Promise.resolve()
        .then(task)
        .then(
          () => undefined,
          (error: unknown) => logger.error({ err: error, task: name }, 'a background task failed'),
        )
        .finally(() => underWay.delete(work))
      underWay.add(work)
    },
    async settle() {
      await Promise.all(underWay)
    },
  }
}
