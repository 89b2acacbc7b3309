import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isKeysmithError } from '../core/errors.ts'
import type { Hasher } from './hasher.ts'
import { createHashers } from './hashers.ts'
import { hmacSha256 } from './hmac-sha256.ts'
import { sha256 } from './sha256.ts'

const peppered = hmacSha256([{ version: 3, secret: 'x'.repeat(32) }])
/** A hasher of the user's own, which answers later. */
const own: Hasher = {
  scheme: 'own',
  hash: async (rawKey) => `own$${rawKey.length}`,
  verify: async (rawKey, hash) => hash === `own$${rawKey.length}`,
}

describe('sha256', () => {
  it('is the digest of the raw key in hex', () => {
    expect(sha256.hash('raw')).toBe(`sha256$${createHash('sha256').update('raw').digest('hex')}`)
  })

  it('proves the raw key and no other, however much alike', async () => {
    const hash = await sha256.hash('éa')
    expect(sha256.verify('éa', hash)).toBe(true)
    for (const other of ['éb', 'e\u0301a', 'ea', '', 'éa ']) expect(sha256.verify(other, hash)).toBe(false)
    for (const stored of ['', 'sha256$', hash.slice(1), `${hash}0`, hash.replace(/.$/, 'é')]) {
      expect(sha256.verify('éa', stored)).toBe(false)
    }
  })
})

describe('hashers', () => {
  it('prove hashes of every scheme that they know, and none of another', async () => {
    const hashers = createHashers(peppered)
    expect(hashers.scheme).toBe('hmac-sha256$3')
    expect(hashers.verify('raw', 'sha256', await sha256.hash('raw'))).toBe(true)
    expect(hashers.verify('raw', 'hmac-sha256$3', await peppered.hash('raw'))).toBe(true)
    expect(hashers.verify('raw', 'hmac-sha256$1', await peppered.hash('raw'))).toBe(undefined)
    expect(hashers.unknown(['sha256', 'hmac-sha256$3', 'hmac-sha256$1', 'own'])).toEqual([
      'hmac-sha256$1',
      'own',
    ])
  })

  it('tell the scheme of a hash, and refuse one that is not known', () => {
    const hashers = createHashers(peppered)
    const digest = '0'.repeat(64)
    expect(hashers.schemeOf(`sha256$${digest}`)).toBe('sha256')
    expect(hashers.schemeOf(`hmac-sha256$3$${digest}`)).toBe('hmac-sha256$3')
    expect(createHashers(own).schemeOf('own$1')).toBe('own')
    for (const hash of [
      '',
      'abc',
      'sha256',
      'sha256$abc',
      `hmac-sha256$4$${digest}`,
      `SHA256$${digest}`,
      'own$1',
    ]) {
      try {
        hashers.schemeOf(hash)
        expect.unreachable(hash)
      } catch (error) {
        expect(isKeysmithError(error, 'invalid_request')).toBe(true)
      }
    }
  })

  it('spend a proof on what is unknown, and refuse it', async () => {
    expect(createHashers().refuse('raw')).toBe(false)
    expect(await createHashers(own).refuse('raw')).toBe(false)
  })

  it('can be the user’s own, and answer later', async () => {
    const hashers = createHashers(own)
    expect(await hashers.hash('raw')).toBe('own$3')
    expect(await hashers.verify('raw', 'own', 'own$3')).toBe(true)
  })
})
