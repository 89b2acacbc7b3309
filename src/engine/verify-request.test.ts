import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { faultCode, issue, STORES, start } from '../../test/keysmith-under-test.ts'
import { createKeysmith } from '../create-keysmith.ts'
import { memory } from '../store/memory/memory-store.ts'
import { hmacSha256 } from '../token/hmac-sha256.ts'
import { sha256 } from '../token/sha256.ts'

const PEPPERS = [2, 1].map((version) => ({ version, secret: `${version}`.repeat(32) }))

describe.each(STORES)('a guard with a typo never lets through (%s)', (_, store) => {
  it.each([
    ['a field that is not known', { scope: ['admin'] }],
    ['a list in place of the request', ['admin']],
    ['a text in place of the request', 'admin'],
    ['null', null],
    ['scopes that can not be read', { scopes: { every: ['admin'] } }],
  ])('%s', async (_name, request) => {
    const subject = start({ store: store() })
    const { rawKey } = await issue(subject)
    const verify = (raw: string) => subject.keysmith.keys.verify(raw, request as never)
    expect(await faultCode(verify(rawKey))).toBe('invalid_request')
    expect(await faultCode(verify('garbage'))).toBe('invalid_request')
  })
})

describe('a proof', () => {
  it('that arrives as a promise of another realm is waited for, not taken for a yes', async () => {
    const refused = runInNewContext('() => Promise.resolve(false)') as () => Promise<boolean>
    const hasher = {
      ...sha256,
      scheme: 'own',
      hash: (raw: string) => `own$${raw.length}`,
      verify: refused,
      isHash: () => true,
    }
    const keysmith = createKeysmith({ hasher })
    const { rawKey } = await issue({ keysmith })
    expect((await keysmith.keys.verify(rawKey)).code).toBe('invalid')
  })

  it('that needs a pepper which is only elsewhere is a fault, never "invalid"', async () => {
    const store = memory()
    const [newest, old] = PEPPERS
    const behind = createKeysmith({ store, hasher: hmacSha256(old ? [old] : []) })
    const ahead = createKeysmith({ store, hasher: hmacSha256(PEPPERS) })
    await behind.ready()
    const { rawKey } = await issue({ keysmith: behind })
    expect((await ahead.keys.verify(rawKey)).code).toBe('valid')
    await ahead.close()
    expect(newest?.version).toBe(2)
    expect(await faultCode(behind.keys.verify(rawKey))).toBe('pepper_missing')
  })

  it('with an older pepper is hashed anew once, however many ask', async () => {
    const store = memory()
    const [, old] = PEPPERS
    const { rawKey } = await issue({
      keysmith: createKeysmith({ store, hasher: hmacSha256(old ? [old] : []) }),
    })
    const current = hmacSha256(PEPPERS)
    let hashed = 0
    const counting = {
      ...current,
      hash(raw: string) {
        hashed += 1
        return current.hash(raw)
      },
    }
    const keysmith = createKeysmith({ store, hasher: counting })
    await Promise.all(Array.from({ length: 100 }, () => keysmith.keys.verify(rawKey)))
    await keysmith.close()
    expect(hashed).toBe(1)
  })
})

describe.each(STORES)('a key that is rotated again and again (%s)', (_, store) => {
  it('keeps no more credentials than are tried in no time', async () => {
    const subject = start({ store: store() })
    const { key } = await issue(subject)
    for (let rotation = 0; rotation < 30; rotation++) {
      await subject.keysmith.keys.rotate(key.id, { gracePeriod: '0s' })
    }
    expect(await subject.store.listCredentials(key.id)).toHaveLength(8)
    expect((await subject.keysmith.rotations.list({ keyId: key.id })).items).toHaveLength(30)
  })
})
