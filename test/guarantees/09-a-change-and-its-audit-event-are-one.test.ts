import { describe, expect, it, onTestFinished } from 'vitest'
import type { Keysmith } from '../../src/engine/surface.ts'
import { sqlite } from '../../src/store/sql/sqlite/sqlite.ts'
import { openHandle, type SqliteHandle } from '../../src/store/sql/sqlite/sqlite-handle.ts'
import { faultCode, issue, STORES, start } from '../keysmith-under-test.ts'

/** Every change there is: on a key that is there, or on the scope `read`. */
const CHANGES: Record<string, (keysmith: Keysmith, id: string) => Promise<unknown>> = {
  'keys.create': ({ keys }) => keys.create({ name: 'new' }, { idempotencyKey: 'once' }),
  'keys.import': ({ keys }) =>
    keys.import({ name: 'old', identifier: 'sk_live_abcdefghijkl', hash: `sha256$${'0'.repeat(64)}` }),
  'keys.update': ({ keys }, id) => keys.update(id, { name: 'changed' }),
  'keys.rotate': ({ keys }, id) => keys.rotate(id),
  'keys.suspend': ({ keys }, id) => keys.suspend(id),
  'keys.revoke': ({ keys }, id) => keys.revoke(id),
  'keys.purge': ({ keys }, id) => keys.purge(id),
  'keys.delete': ({ keys }, id) => keys.delete(id),
  'keys.assignScopes': ({ keys }, id) => keys.assignScopes(id, ['write']),
  'keys.removeScopes': ({ keys }, id) => keys.removeScopes(id, ['read:own']),
  'scopes.create': ({ scopes }) => scopes.create({ name: 'new' }),
  'scopes.update': ({ scopes }) => scopes.update('read', { description: 'changed' }),
  'scopes.delete': ({ scopes }) => scopes.delete('read'),
}

const TABLES = [
  'keysmith_keys',
  'keysmith_credentials',
  'keysmith_rotations',
  'keysmith_scopes',
  'keysmith_claims',
  'keysmith_audit',
]

const everyRow = (handle: SqliteHandle) =>
  JSON.stringify(TABLES.map((table) => handle.prepare(`select * from ${table} order by 1`).all()))

/** Refuses each write to a table from now on. */
function breakTable(handle: SqliteHandle, table: string): void {
  for (const write of ['insert', 'update', 'delete']) {
    handle.exec(`create trigger no_${table}_${write} before ${write} on ${table}
      begin select raise(abort, 'broken by the test'); end`)
  }
}

function mend(handle: SqliteHandle, table: string): void {
  for (const write of ['insert', 'update', 'delete']) handle.exec(`drop trigger no_${table}_${write}`)
}

async function keyAndScope() {
  const handle = openHandle(':memory:')
  const subject = start({ store: sqlite(handle) })
  onTestFinished(() => void handle.close())
  const { key, rawKey } = await issue(subject, { scopes: ['read:own'] })
  await subject.keysmith.scopes.create({ name: 'read' })
  return { ...subject, handle, id: key.id, rawKey }
}

describe('A lifecycle change and its audit event are one transaction.', () => {
  it.each(Object.entries(CHANGES))(
    '%s does nothing when its audit event can not be written',
    async (_, change) => {
      const { keysmith, handle, id, rawKey, told } = await keyAndScope()
      breakTable(handle, 'keysmith_audit')
      const before = everyRow(handle)
      told.length = 0
      expect(await faultCode(change(keysmith, id))).toBe('unavailable')
      expect(everyRow(handle)).toBe(before)
      expect(told.filter(({ name }) => name !== 'key.create_failed')).toEqual([])
      expect((await keysmith.keys.verify(rawKey)).code).toBe('valid')
      mend(handle, 'keysmith_audit')
      await change(keysmith, id)
      expect(everyRow(handle)).not.toBe(before)
    },
  )

  it.each(Object.entries(CHANGES))('%s writes no audit event when it can not be done', async (_, change) => {
    const undone: string[] = []
    for (const table of ['keysmith_keys', 'keysmith_credentials', 'keysmith_scopes', 'keysmith_rotations']) {
      const { keysmith, handle, id } = await keyAndScope()
      breakTable(handle, table)
      const before = everyRow(handle)
      const done = await change(keysmith, id).then(
        () => true,
        () => false,
      )
      if (!done) expect(everyRow(handle), table).toBe(before)
      if (!done) undone.push(table)
    }
    // Each change writes to one of these tables at least, so each has failed at least once.
    expect(undone).not.toEqual([])
  })

  it.each(STORES)(
    'each change leaves one event, and a change that changed nothing leaves none (%s)',
    async (_, store) => {
      const { keysmith, pass } = start({ store: store() })
      const { key } = await issue({ keysmith }, { scopes: ['read'] })
      const caller = {
        actor: { type: 'user', id: 'ada' },
        request: { path: '/v1', method: 'POST', status: 200, ip: '192.0.2.1', userAgent: 'curl' },
      }
      const changes = [
        () => keysmith.keys.update(key.id, { name: 'new' }, caller),
        () => keysmith.keys.assignScopes(key.id, ['write'], caller),
        () => keysmith.keys.removeScopes(key.id, ['read'], caller),
        () => keysmith.keys.rotate(key.id, {}, caller),
        () => keysmith.keys.suspend(key.id, { reason: 'late' }, caller),
        () => keysmith.keys.suspend(key.id, {}, caller),
        () => keysmith.keys.reactivate(key.id, {}, caller),
        () => keysmith.keys.revoke(key.id, {}, caller),
        () => keysmith.keys.revoke(key.id, {}, caller),
        () => keysmith.keys.purge(key.id, {}, caller),
        () => keysmith.keys.delete(key.id, caller),
      ]
      for (const change of changes) {
        pass(1)
        await change()
      }
      const { items } = await keysmith.audit.list({ keyId: key.id })
      expect(items.map(({ action }) => action).reverse()).toEqual([
        'key.created',
        'key.updated',
        'key.scopes_assigned',
        'key.scopes_removed',
        'key.rotated',
        'key.suspended',
        'key.reactivated',
        'key.revoked',
        'key.purged',
        'key.deleted',
      ])
      for (const event of items.slice(0, -1)) {
        expect(event).toMatchObject({ ...caller, keyId: key.id, tenantId: 'default', appId: 'default' })
      }
    },
  )

  it.each(STORES)('headers of garbage do not undo the change that they came with (%s)', async (_, store) => {
    const subject = start({ store: store() })
    const { key } = await issue(subject)
    const garbage = `${'\0'.repeat(10)}\ud800${'🔑'.repeat(5000)}`
    const request = { path: garbage, method: garbage, ip: garbage, userAgent: garbage }
    const caller = { actor: { type: garbage, id: garbage }, request }
    await subject.keysmith.keys.revoke(key.id, {}, caller)
    expect((await subject.keysmith.keys.get(key.id)).state).toBe('revoked')
    const [event] = (await subject.keysmith.audit.list({ keyId: key.id, action: 'key.revoked' })).items
    expect(event?.request.userAgent).toHaveLength(256)
    for (const text of [event?.request.ip, event?.request.path, event?.actor?.id]) {
      expect(text?.isWellFormed()).toBe(true)
      expect(text).not.toContain('\0')
    }
  })
})
