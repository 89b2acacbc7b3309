import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isKeysmithError } from '../core/errors.ts'
import { hmacSha256, type Pepper } from './hmac-sha256.ts'

const first: Pepper = { version: 1, secret: 'first pepper of thirty-two characters' }
const second: Pepper = { version: 2, secret: 'second pepper of thirty-two characters' }

describe('HMAC-SHA-256 with peppers', () => {
  it('hashes with the newest, and names its version', () => {
    const hasher = hmacSha256([second, first])
    const digest = createHmac('sha256', second.secret).update('raw').digest('hex')
    expect(hasher.hash('raw')).toBe(`hmac-sha256$2$${digest}`)
    expect(hasher.scheme).toBe('hmac-sha256$2')
    expect(hasher.schemes).toEqual(['hmac-sha256$2', 'hmac-sha256$1'])
  })

  it('proves what any of its peppers hashed, and nothing else', async () => {
    const old = await hmacSha256([first]).hash('raw')
    expect(hmacSha256([second, first]).verify('raw', old)).toBe(true)
    expect(hmacSha256([second, first]).verify('Raw', old)).toBe(false)
    expect(hmacSha256([second]).verify('raw', old)).toBe(false)
    expect(hmacSha256([{ ...first, secret: second.secret }]).verify('raw', old)).toBe(false)
    for (const stored of ['', 'hmac-sha256$1$', 'sha256$x', old.slice(0, -1), `${old}0`, old.toUpperCase()]) {
      expect(hmacSha256([first]).verify('raw', stored)).toBe(false)
    }
  })

  it.each<[string, Pepper[]]>([
    ['none', []],
    ['a short one', [{ version: 1, secret: 'x'.repeat(31) }]],
    ['one version twice', [first, { ...second, version: 1 }]],
    ['version 0', [{ ...first, version: 0 }]],
    ['version 1.5', [{ ...first, version: 1.5 }]],
    ['a missing one', [{ version: 1, secret: undefined as unknown as string }]],
    ['a short one behind', [first, { version: 2, secret: '' }]],
  ])('refuses peppers that are not sound, without showing them: %s', (_, peppers) => {
    try {
      hmacSha256(peppers)
    } catch (error) {
      expect(isKeysmithError(error, 'invalid_configuration')).toBe(true)
      expect(String(error)).not.toContain(first.secret)
      return
    }
    expect.unreachable()
  })
})
