import { describe, expect, it } from 'vitest'
import { faultCode, HOUR, issue, STORES, start } from '../../test/keysmith-under-test.ts'
import { hmacSha256 } from '../token/hmac-sha256.ts'

describe.each(STORES)('generating and importing (%s)', (_, store) => {
  it('generate makes a raw key that verifies once it is imported, and stores nothing before', async () => {
    const { keysmith } = start({ store: store() })
    const generated = await keysmith.keys.generate({ prefix: 'my_app', environment: 'test' })
    const { rawKey, identifier, hash, hint } = generated
    expect(rawKey.startsWith(`my_app_test_`)).toBe(true)
    expect(hash).not.toContain(rawKey)
    expect(await keysmith.keys.count()).toBe(0)
    expect((await keysmith.audit.list()).items).toEqual([])
    const key = await keysmith.keys.import({ name: 'old', identifier, hash, hint, scopes: ['read'] })
    expect(key).toMatchObject({ identifier, hint, prefix: 'my_app', environment: 'test', scopes: ['read'] })
    expect((await keysmith.keys.verify(rawKey, { scopes: ['read'] })).code).toBe('valid')
    const { items } = await keysmith.audit.list({ keyId: key.id })
    expect(items.map(({ action }) => action)).toEqual(['key.imported'])
  })

  it('refuses an identifier that is taken, and leaves the key that has it', async () => {
    const subject = start({ store: store() })
    const { key, rawKey } = await issue(subject)
    const { hash } = await subject.keysmith.keys.generate()
    const taken = subject.keysmith.keys.import({ name: 'eve', identifier: key.identifier, hash })
    expect(await faultCode(taken)).toBe('identifier_taken')
    expect((await subject.keysmith.keys.verify(rawKey)).code).toBe('valid')
    expect(await subject.keysmith.keys.get(key.id)).toEqual(key)
  })

  it.each([
    'sk_live',
    'garbage',
    'sk_live_abc',
    `sk_live_abcdefghijkl_${'A'.repeat(20)}`,
    'sk_live_abcdefghijk\n',
  ])('refuses an identifier that is none: %j', async (identifier) => {
    const { keysmith } = start({ store: store() })
    const { hash } = await keysmith.keys.generate()
    expect(await faultCode(keysmith.keys.import({ name: 'x', identifier, hash }))).toBe('invalid_request')
  })

  it('refuses a hash that nothing here can prove', async () => {
    const { keysmith } = start({ store: store() })
    const identifier = 'sk_live_abcdefghijkl'
    for (const hash of ['x', 'md5$abc', `hmac-sha256$1$${'0'.repeat(64)}`, `${'0'.repeat(64)}`]) {
      expect(await faultCode(keysmith.keys.import({ name: 'x', identifier, hash }))).toBe('invalid_request')
    }
  })

  it('takes a key in with its past, even when it has expired', async () => {
    const { keysmith, now } = start({ store: store() })
    const { rawKey, identifier, hash } = await keysmith.keys.generate()
    const createdAt = new Date(now() - 1000 * HOUR)
    const expiresAt = new Date(now() - HOUR)
    const key = await keysmith.keys.import({ name: 'old', identifier, hash, createdAt, expiresAt })
    expect(key).toMatchObject({ createdAt, expiresAt, state: 'expired' })
    expect((await keysmith.keys.verify(rawKey)).code).toBe('expired')
  })

  it('an imported key is rotated like any other', async () => {
    const { keysmith } = start({ store: store() })
    const { rawKey, identifier, hash } = await keysmith.keys.generate()
    await keysmith.keys.import({ name: 'old', identifier, hash })
    const rotated = await keysmith.keys.rotate(identifier)
    expect(rotated.key.identifier).toBe(identifier)
    expect((await keysmith.keys.verify(rawKey)).code).toBe('valid')
    expect((await keysmith.keys.verify(rotated.rawKey)).code).toBe('valid')
  })

  it('a hash of a former hasher is accepted, and hashed anew at the first use', async () => {
    const kept = store()
    const plain = start({ store: kept })
    const { rawKey, identifier, hash } = await plain.keysmith.keys.generate()
    const hasher = hmacSha256([{ version: 1, secret: 'p'.repeat(32) }])
    const { keysmith } = start({ store: kept, hasher })
    await keysmith.keys.import({ name: 'old', identifier, hash })
    expect((await keysmith.keys.verify(rawKey)).code).toBe('valid')
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await kept.hashSchemes()).toEqual(['hmac-sha256$1'])
    expect((await keysmith.keys.verify(rawKey)).code).toBe('valid')
  })

  it('gives no more than the caller has', async () => {
    const { keysmith } = start({ store: store() })
    const { identifier, hash } = await keysmith.keys.generate()
    const input = { name: 'x', identifier, hash, scopes: ['admin'] }
    expect(await faultCode(keysmith.keys.import(input, { scopes: ['read'] }))).toBe('forbidden')
  })
})
