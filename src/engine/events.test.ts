import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { forge, secretOf } from '../../test/forge.ts'
import { EVENT_NAMES, HOUR, issue, start } from '../../test/keysmith-under-test.ts'
import { createKeysmith } from '../create-keysmith.ts'

it('each thing that happens is told once, in its order', async () => {
  const subject = start()
  const { keys } = subject.keysmith
  const { key, rawKey } = await issue(subject, { expiresIn: '2h' })
  await keys.verify(rawKey)
  await keys.verify(forge(key.identifier))
  await keys.rotate(key.id)
  await keys.suspend(key.id, { reason: 'late' })
  await keys.reactivate(key.id)
  subject.pass(2 * HOUR)
  await keys.verify(rawKey)
  await keys.revoke(key.id)
  await keys.purge(key.id)
  await keys.create({ name: '' }).catch(() => undefined)
  expect(subject.told.map(({ name }) => name)).toEqual([
    'key.created',
    'key.validated',
    'key.validation_failed',
    'key.rotated',
    'key.suspended',
    'key.reactivated',
    'key.validation_failed',
    'key.expired',
    'key.revoked',
    'key.purged',
    'key.create_failed',
  ])
  expect(subject.told.find(({ name }) => name === 'key.suspended')?.event).toMatchObject({
    key: { id: key.id, state: 'suspended' },
    reason: 'late',
  })
})

it('no event has a raw key or a hash in it', async () => {
  const subject = start()
  const { key, rawKey } = await issue(subject)
  const rotated = await subject.keysmith.keys.rotate(key.id)
  await subject.keysmith.keys.verify(rawKey)
  await subject.keysmith.keys.verify(forge(key.identifier, 'B'.repeat(43)))
  const told = JSON.stringify(subject.told)
  for (const secret of [secretOf(rawKey), secretOf(rotated.rawKey), 'B'.repeat(43), 'sha256$']) {
    expect(told).not.toContain(secret)
  }
})

it('a malformed raw key is told without a word of it', async () => {
  const subject = start()
  await subject.keysmith.keys.verify('something that was typed by mistake')
  expect(subject.told).toEqual([{ name: 'key.validation_failed', event: { code: 'invalid' } }])
})

it('a listener that throws or rejects is logged and changes nothing', async () => {
  const subject = start()
  const heard: string[] = []
  for (const name of EVENT_NAMES) {
    subject.keysmith.on(name, () => {
      throw new Error('thrown')
    })
    subject.keysmith.on(name, async () => {
      throw new Error('rejected')
    })
    subject.keysmith.on(name, () => heard.push(name))
  }
  const { key, rawKey } = await issue(subject)
  expect((await subject.keysmith.keys.verify(rawKey)).code).toBe('valid')
  expect((await subject.keysmith.keys.revoke(key.id)).state).toBe('revoked')
  await sleep(1)
  expect(heard).toEqual(['key.created', 'key.validated', 'key.revoked'])
  expect(subject.logged).toHaveLength(6)
  expect(subject.logged[0]).toMatchObject(['error', { event: 'key.created' }, 'an event listener failed'])
  expect(JSON.stringify(subject.logged)).not.toContain(secretOf(rawKey))
})

it('an event is told after the change is stored', async () => {
  const subject = start()
  const { key, rawKey } = await issue(subject)
  let seen: Promise<string> | undefined
  subject.keysmith.on('key.revoked', () => {
    seen = subject.keysmith.keys.verify(rawKey).then(({ code }) => code)
  })
  await subject.keysmith.keys.revoke(key.id)
  expect(await seen).toBe('revoked')
})

it('a listener that was stopped hears nothing more', async () => {
  const subject = start()
  let heard = 0
  const stop = subject.keysmith.on('key.created', () => heard++)
  await issue(subject)
  stop()
  stop()
  await issue(subject)
  expect(heard).toBe(1)
})

it('listeners hear of what happens inside any walls', async () => {
  const subject = start()
  await issue({ keysmith: subject.keysmith.forTenant({ tenantId: 'acme' }) })
  expect(subject.told).toMatchObject([{ name: 'key.created', event: { key: { tenantId: 'acme' } } }])
})

it('shutdown is told once, before the store is closed', async () => {
  const keysmith = createKeysmith()
  let heard = 0
  keysmith.on('shutdown', () => heard++)
  await Promise.all([keysmith.close(), keysmith.close()])
  expect(heard).toBe(1)
})
