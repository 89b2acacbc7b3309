import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createTurns } from './turns.ts'

describe('turns', () => {
  it('run work of one name one after the other, also after a failure', async () => {
    const turns = createTurns()
    const seen: string[] = []
    const work = (step: string) => async () => {
      seen.push(`${step} begins`)
      await setImmediate()
      seen.push(`${step} ends`)
      if (step === 'first') throw new Error('failed')
      return step
    }
    const first = turns.inTurn('key', work('first'))
    const second = turns.inTurn('key', work('second'))
    await expect(first).rejects.toThrow('failed')
    expect(await second).toBe('second')
    expect(seen).toEqual(['first begins', 'first ends', 'second begins', 'second ends'])
  })

  it('let work of other names go on meanwhile', async () => {
    const turns = createTurns()
    const never = turns.inTurn('one', () => new Promise(() => {}))
    expect(await turns.inTurn('other', async () => 'done')).toBe('done')
    expect(never).toBeInstanceOf(Promise)
  })
})
