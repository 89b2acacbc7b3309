import { describe, expect, it } from 'vitest'
import { forge } from '../../test/forge.ts'
import { faultCode, HOUR, issue, STORES, start } from '../../test/keysmith-under-test.ts'
import {
  DeniedKeyError,
  ExpiredKeyError,
  InsufficientScopeError,
  InvalidKeyError,
  KeysmithError,
  RevokedKeyError,
  RotatedKeyError,
  SuspendedKeyError,
  UnavailableError,
} from '../core/errors.ts'
import { memory } from '../store/memory/memory-store.ts'

describe.each(STORES)('verifying (%s)', (_, store) => {
  it('tells the key and its scopes', async () => {
    const subject = start({ store: store() })
    const { key, rawKey } = await issue(subject, { scopes: ['read'] })
    const wanted = { valid: true, code: 'valid', key, scopes: ['read'] }
    expect(await subject.keysmith.keys.verify(rawKey)).toEqual(wanted)
    expect(await subject.keysmith.keys.authenticate(rawKey)).toEqual(wanted)
  })

  it('never answers with a raw key or a hash', async () => {
    const subject = start({ store: store() })
    const { key, rawKey } = await issue(subject)
    const fields = Object.keys(await subject.keysmith.keys.get(key.id))
    expect(fields).not.toContain('hash')
    expect(JSON.stringify(await subject.keysmith.keys.verify(rawKey))).not.toContain(rawKey.slice(-49, -6))
  })

  it('a key expires at the very millisecond of its expiry', async () => {
    const subject = start({ store: store() })
    const { rawKey } = await issue(subject, { expiresIn: '1h' })
    subject.pass(HOUR - 1)
    expect((await subject.keysmith.keys.verify(rawKey)).code).toBe('valid')
    subject.pass(1)
    expect((await subject.keysmith.keys.verify(rawKey)).code).toBe('expired')
  })

  it('a key meets scopes by hierarchy, as a text, a list, all and any', async () => {
    const subject = start({ store: store() })
    const { rawKey } = await issue(subject, { scopes: ['read', 'write:users'] })
    const codeFor = async (scopes: Parameters<typeof subject.keysmith.keys.verify>[1]) =>
      (await subject.keysmith.keys.verify(rawKey, scopes)).code
    expect(await codeFor({ scopes: 'read:users' })).toBe('valid')
    expect(await codeFor({ scopes: ['read', 'write:users:own'] })).toBe('valid')
    expect(await codeFor({ scopes: { any: ['admin', { all: ['read', 'write:users'] }] } })).toBe('valid')
    expect(await codeFor({ scopes: 'write' })).toBe('insufficient_scope')
    expect(await codeFor({ scopes: ['read', 'admin'] })).toBe('insufficient_scope')
    expect(await faultCode(codeFor({ scopes: { any: [] } }))).toBe('invalid_request')
    expect(await faultCode(codeFor({ scopes: 'no scope' }))).toBe('invalid_request')
  })

  it('a key with every scope is no management key', async () => {
    const subject = start({ store: store() })
    const { rawKey } = await issue(subject, { scopes: ['*'] })
    const verify = async (scopes: string) => (await subject.keysmith.keys.verify(rawKey, { scopes })).code
    expect(await verify('anything:at:all')).toBe('valid')
    expect(await verify('keysmith:keys:create')).toBe('insufficient_scope')
  })

  it('authenticate throws a typed error for each code', async () => {
    const subject = start({ store: store() })
    const { keys } = subject.keysmith
    const thrown = async (rawKey: string, scopes?: string) => {
      try {
        await keys.authenticate(rawKey, { scopes })
      } catch (error) {
        return error
      }
      return undefined
    }
    const first = await issue(subject, { expiresIn: '2h' })
    const errors: [string, unknown, new (code: never, message: string) => Error][] = [
      ['invalid', await thrown(forge(first.key.identifier)), InvalidKeyError],
      ['insufficient_scope', await thrown(first.rawKey, 'admin'), InsufficientScopeError],
    ]
    await keys.rotate(first.key.id, { gracePeriod: '1h' })
    subject.pass(HOUR)
    errors.push(['rotated', await thrown(first.rawKey), RotatedKeyError])
    subject.pass(HOUR)
    errors.push(['expired', await thrown(first.rawKey), ExpiredKeyError])
    await keys.suspend(first.key.id)
    errors.push(['suspended', await thrown(first.rawKey), SuspendedKeyError])
    await keys.revoke(first.key.id)
    errors.push(['revoked', await thrown(first.rawKey), RevokedKeyError])
    for (const [code, error, type] of errors) {
      expect(error).toBeInstanceOf(type)
      expect(error).toBeInstanceOf(DeniedKeyError)
      expect(error).toBeInstanceOf(KeysmithError)
      expect(error).toMatchObject({ code, name: type.name })
    }
  })

  it('writes nothing while it answers', async () => {
    const kept = store()
    const subject = start({ store: kept })
    const { key, rawKey } = await issue(subject)
    await subject.keysmith.keys.verify(rawKey)
    expect(await subject.keysmith.keys.get(key.id)).toEqual(key)
  })
})

it('a store that is down is a fault, never a denial, and works again without a restart', async () => {
  const inner = memory()
  let down = false
  const subject = start({
    store: {
      ...inner,
      find(lookup) {
        if (down) throw new UnavailableError('The database is down.')
        return inner.find(lookup)
      },
    },
  })
  const { rawKey } = await issue(subject)
  down = true
  expect(await faultCode(subject.keysmith.keys.verify(rawKey))).toBe('unavailable')
  expect(await faultCode(subject.keysmith.keys.authenticate(rawKey))).toBe('unavailable')
  down = false
  expect((await subject.keysmith.keys.verify(rawKey)).code).toBe('valid')
})
