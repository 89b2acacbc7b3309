const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Resolves with the first signal to stop. From then on signals do what they do by themselves: end the process. */
export function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const stop = (signal: NodeJS.Signals) => {
      for (const each of SIGNALS) process.off(each, stop)
      resolve(signal)
    }
    for (const each of SIGNALS) process.on(each, stop)
  })
}
