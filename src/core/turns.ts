/** Runs work of one name one after the other, in the order of asking; work of other names goes on meanwhile. */
export interface Turns {
  inTurn<T>(name: string, work: () => Promise<T>): Promise<T>
}

export function createTurns(): Turns {
  const lastInLine = new Map<string, Promise<unknown>>()
  return {
    inTurn(name, work) {
      const before = lastInLine.get(name) ?? Promise.resolve()
      const mine = before.then(work, work)
      const done: Promise<void> = mine
        .catch(() => undefined)
        .then(() => {
          if (lastInLine.get(name) === done) lastInLine.delete(name)
        })
      lastInLine.set(name, done)
      return mine
    },
  }
}
