import { describe, expect, it } from 'vitest'
import { forge, unknownIdentifier } from '../forge.ts'
import { DAY, fault, HOUR, issue, START, STORES, start, type UnderTest } from '../keysmith-under-test.ts'

/** Keys in every state, with the code that the holder of the secret is told. */
async function everyState(subject: UnderTest) {
  const { keys } = subject.keysmith
  const active = await issue(subject)
  const suspended = await issue(subject)
  await keys.suspend(suspended.key.id)
  const revoked = await issue(subject)
  await keys.revoke(revoked.key.id)
  const purged = await issue(subject)
  await keys.purge(purged.key.id)
  const expired = await issue(subject, { expiresAt: new Date(START + HOUR) })
  const rotated = await issue(subject)
  await keys.rotate(rotated.key.id, { gracePeriod: '1h' })
  subject.pass(2 * HOUR)
  return [
    ['valid', active],
    ['suspended', suspended],
    ['revoked', revoked],
    ['revoked', purged],
    ['expired', expired],
    ['rotated', rotated],
  ] as const
}

describe.each(STORES)('Nothing about a key is disclosed before its secret is proved. (%s)', (_, store) => {
  it('malformed, unknown and wrong secret are one answer, whatever the state of the key', async () => {
    const subject = start({ store: store() })
    const keys = await everyState(subject)
    const refused = [
      ...keys.map(([, { key }]) => forge(key.identifier)),
      ...keys.map(([, { rawKey }]) => `${rawKey.slice(0, -1)}${rawKey.endsWith('0') ? '1' : '0'}`),
      forge(unknownIdentifier()),
      forge(unknownIdentifier().replace('sk', 'other_prefix')),
      '',
      'garbage',
      'sk_live_',
      'x'.repeat(100_000),
    ]
    subject.told.length = 0
    for (const rawKey of refused) {
      const answer = await subject.keysmith.keys.verify(rawKey, { scopes: ['read'], tenantId: 'default' })
      expect(JSON.stringify(answer)).toBe('{"valid":false,"code":"invalid"}')
      const { message, code, issues, retryAfter } = await fault(subject.keysmith.keys.authenticate(rawKey))
      expect({ message, code, issues, retryAfter }).toEqual({
        message: 'The API key is not valid. Check that it was copied whole, or issue a new one.',
        code: 'invalid',
        issues: [],
        retryAfter: undefined,
      })
    }
    expect(new Set(subject.told.map(({ name }) => name))).toEqual(new Set(['key.validation_failed']))
    for (const { event } of subject.told) expect(event).not.toHaveProperty('key')
  })

  it('who has the secret is told the state', async () => {
    const subject = start({ store: store() })
    for (const [code, { rawKey, key }] of await everyState(subject)) {
      const answer = await subject.keysmith.keys.verify(rawKey)
      expect(answer).toMatchObject({ code, key: { id: key.id } })
    }
  })

  it('a key of another tenant answers like one that does not exist', async () => {
    const subject = start({ store: store() })
    const { rawKey, key } = await issue(subject, { tenantId: 'acme' })
    const walled = subject.keysmith.forTenant({ tenantId: 'other' })
    const otherApp = subject.keysmith.forTenant({ tenantId: 'acme', appId: 'other' })
    for (const code of ['valid', 'revoked'] as const) {
      if (code === 'revoked') await subject.keysmith.keys.revoke(key.id)
      const answers = [
        await subject.keysmith.keys.verify(rawKey, { tenantId: 'other' }),
        await walled.keys.verify(rawKey),
        await walled.keys.verify(rawKey, { tenantId: 'acme' }),
        await otherApp.keys.verify(rawKey),
      ]
      for (const answer of answers) expect(JSON.stringify(answer)).toBe('{"valid":false,"code":"invalid"}')
      const inside = await subject.keysmith.forTenant({ tenantId: 'acme' }).keys.verify(rawKey)
      expect(inside.code).toBe(code)
    }
  })

  it('a deleted key answers like one that never was', async () => {
    const subject = start({ store: store() })
    const { rawKey, key } = await issue(subject)
    await subject.keysmith.keys.delete(key.id)
    expect(await subject.keysmith.keys.verify(rawKey)).toEqual({ valid: false, code: 'invalid' })
  })

  it('state is told before expiry, expiry before grace, and scopes last', async () => {
    const subject = start({ store: store() })
    const { keys } = subject.keysmith
    const { rawKey, key } = await issue(subject, { expiresIn: '2d' })
    const { rawKey: newer } = await keys.rotate(key.id, { gracePeriod: '1h' })
    const scopes = ['nothing']
    expect((await keys.verify(rawKey, { scopes })).code).toBe('insufficient_scope')
    subject.pass(2 * HOUR)
    expect((await keys.verify(rawKey, { scopes })).code).toBe('rotated')
    expect((await keys.verify(newer, { scopes })).code).toBe('insufficient_scope')
    subject.pass(2 * DAY)
    expect((await keys.verify(rawKey, { scopes })).code).toBe('expired')
    await keys.suspend(key.id)
    expect((await keys.verify(rawKey, { scopes })).code).toBe('suspended')
    await keys.revoke(key.id)
    expect((await keys.verify(newer, { scopes })).code).toBe('revoked')
  })
})
