import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { emptyFolder, fault, faultCode, issue, newFile, start } from '../../../../test/keysmith-under-test.ts'
import { createKeysmith } from '../../../create-keysmith.ts'
import { sqlite } from './sqlite.ts'
import { openHandle, type SqliteHandle } from './sqlite-handle.ts'

/** Another connection to the file, as another process has it. */
function connect(path: string): SqliteHandle {
  const handle = openHandle(path)
  onTestFinished(() => void handle.close())
  return handle
}

describe('a file', () => {
  it('is found again with everything in it', async () => {
    const path = newFile()
    const before = createKeysmith({ store: sqlite(path) })
    const { key, rawKey } = await issue({ keysmith: before }, { scopes: ['read'], metadata: { a: 1 } })
    const suspended = await issue({ keysmith: before })
    await before.keys.suspend(suspended.key.id, { reason: 'late' })
    await before.scopes.create({ name: 'read' })
    const { rawKey: newer } = await before.keys.rotate(key.id)
    const rotated = await before.keys.get(key.id)
    await before.close()

    const { keysmith } = start({ store: sqlite(path), clock: Date.now })
    expect(await keysmith.keys.get(key.id)).toEqual(rotated)
    expect((await keysmith.keys.verify(rawKey)).code).toBe('valid')
    expect((await keysmith.keys.verify(newer)).code).toBe('valid')
    expect((await keysmith.keys.verify(suspended.rawKey)).code).toBe('suspended')
    expect((await keysmith.rotations.list()).items).toHaveLength(1)
    expect((await keysmith.scopes.list()).items).toHaveLength(1)
    expect((await keysmith.audit.list()).items).toHaveLength(5)
  })

  it('shows each process at once what another has done', async () => {
    const path = newFile()
    const one = start({ store: sqlite(path) })
    const two = start({ store: sqlite(path) })
    await two.keysmith.ready()
    const { key, rawKey } = await issue(one)
    expect((await two.keysmith.keys.verify(rawKey)).code).toBe('valid')
    const { rawKey: newer } = await two.keysmith.keys.rotate(key.id, { reason: 'compromise' })
    expect((await one.keysmith.keys.verify(rawKey)).code).toBe('rotated')
    expect((await one.keysmith.keys.verify(newer)).code).toBe('valid')
    await one.keysmith.keys.revoke(key.id)
    expect((await two.keysmith.keys.verify(newer)).code).toBe('revoked')
    await two.keysmith.keys.delete(key.id)
    expect((await one.keysmith.keys.verify(newer)).code).toBe('invalid')
  })

  it('is migrated once by many who open it at once', async () => {
    const path = newFile()
    const stores = Array.from({ length: 5 }, () => sqlite(path))
    await Promise.all(stores.map((store) => store.open()))
    expect(await Promise.all(stores.map((store) => store.findings()))).toEqual([[], [], [], [], []])
    expect(await Promise.all(stores.map((store) => store.migrate()))).toEqual([[], [], [], [], []])
    await Promise.all(stores.map((store) => store.close()))
  })

  it('that a newer version has migrated still works', async () => {
    const path = newFile()
    await createKeysmith({ store: sqlite(path) }).ready()
    const handle = connect(path)
    handle.exec(`insert into keysmith_migrations values ('9999-later', '2040-01-01')`)
    handle.exec('alter table keysmith_keys add column later text')
    handle.exec('create table keysmith_later (id text)')
    const { keysmith } = start({ store: sqlite(path) })
    const { key, rawKey } = await issue({ keysmith })
    await keysmith.keys.update(key.id, { name: 'new' })
    await keysmith.keys.rotate(key.id)
    expect((await keysmith.keys.verify(rawKey)).code).toBe('valid')
    expect(await keysmith.keys.get(key.id)).not.toHaveProperty('later')
    expect(await keysmith.diagnose()).toEqual([])
  })

  it('that lacks a column is diagnosed, with the name of the column', async () => {
    const path = newFile()
    const { keysmith } = start({ store: sqlite(path) })
    await keysmith.ready()
    connect(path).exec('alter table keysmith_audit drop column user_agent')
    const [finding] = await keysmith.diagnose()
    expect(finding).toMatchObject({ id: 'store.columns_missing' })
    expect(finding?.cause).toContain('user_agent')
  })

  it('that is not migrated is refused when it is not to be migrated, and says what to do', async () => {
    const { keysmith } = start({ store: sqlite(newFile(), { migrate: false }) })
    const error = await fault(keysmith.ready())
    expect(error.code).toBe('schema_outdated')
    expect(error.message).toContain('keysmith migrate')
    expect(await faultCode(keysmith.keys.create({ name: 'x' }))).toBe('schema_outdated')
    expect((await keysmith.diagnose())[0]).toMatchObject({ id: 'store.migrations_pending' })
    expect((await keysmith.health()).status).toBe('unavailable')
  })

  it('can be migrated by hand first', async () => {
    const path = newFile()
    const store = sqlite(path, { migrate: false })
    expect(await store.migrate()).toEqual(['0001-first'])
    await store.close()
    const { keysmith } = start({ store: sqlite(path, { migrate: false }) })
    await keysmith.ready()
  })

  it('that is no database is refused, and says what to do', async () => {
    const path = newFile()
    writeFileSync(path, 'not a database '.repeat(1000))
    const { keysmith } = start({ store: sqlite(path) })
    const error = await fault(keysmith.ready())
    expect(error.code).toBe('unavailable')
    expect(error.message).toContain('Check the path')
    expect((await keysmith.health()).status).toBe('unavailable')
  })

  it('in a folder that is missing is refused, and says what to do', async () => {
    const { keysmith } = start({ store: sqlite(join(emptyFolder(), 'missing', 'keysmith.db')) })
    const error = await fault(keysmith.ready())
    expect(error.code).toBe('unavailable')
    expect(error.message).toContain('Check that its folder exists')
  })

  it('that is damaged while it is open is unavailable, and never "invalid"', async () => {
    const path = newFile()
    const { keysmith } = start({ store: sqlite(path) })
    const { rawKey } = await issue({ keysmith })
    connect(path).exec('drop table keysmith_credentials')
    expect(await faultCode(keysmith.keys.verify(rawKey))).toBe('unavailable')
    expect(await faultCode(keysmith.keys.create({ name: 'x' }))).toBe('unavailable')
  })

  it('without a path is an error of the configuration', async () => {
    expect(await faultCode(() => sqlite(''))).toBe('invalid_configuration')
  })
})

describe('while another process holds the lock', () => {
  it('changes wait, and verification answers meanwhile', async () => {
    const path = newFile()
    const { keysmith } = start({ store: sqlite(path) })
    const { key, rawKey } = await issue({ keysmith })
    const other = connect(path)
    other.exec('begin immediate')
    let done = false
    const change = keysmith.keys.revoke(key.id).then(() => {
      done = true
    })
    for (let round = 0; round < 5; round++) {
      expect((await keysmith.keys.verify(rawKey)).code).toBe('valid')
      expect((await keysmith.keys.list()).items).toHaveLength(1)
      await sleep(20)
    }
    expect(done).toBe(false)
    other.exec('commit')
    await change
    expect((await keysmith.keys.verify(rawKey)).code).toBe('revoked')
  })

  it('longer than the timeout, changes are unavailable, and work again afterwards', async () => {
    const path = newFile()
    const { keysmith } = start({ store: sqlite(path, { lockTimeout: 100 }) })
    const { key } = await issue({ keysmith })
    const other = connect(path)
    other.exec('begin immediate')
    const errors = await Promise.all([
      fault(keysmith.keys.revoke(key.id)),
      fault(keysmith.keys.create({ name: 'x' })),
    ])
    for (const error of errors) {
      expect(error).toMatchObject({ code: 'unavailable', retryAfter: 1 })
      expect(error.message).toContain('Another process holds the lock')
    }
    other.exec('rollback')
    await keysmith.keys.revoke(key.id)
    expect((await keysmith.audit.list({ keyId: key.id })).items).toHaveLength(2)
  })
})

describe('a disk', () => {
  it('that is full makes changes unavailable, and leaves all that was acknowledged', async () => {
    const handle = connect(newFile())
    const { keysmith } = start({ store: sqlite(handle) })
    const first = await issue({ keysmith })
    handle.exec('pragma max_page_count = 60')
    const made = []
    let error: unknown
    while (error === undefined && made.length < 1000) {
      try {
        made.push(await issue({ keysmith }, { description: 'x'.repeat(2000) }))
      } catch (thrown) {
        error = thrown
      }
    }
    expect(error).toMatchObject({ code: 'unavailable' })
    expect(String(error)).toContain('full')
    expect(await keysmith.keys.count()).toBe(made.length + 1)
    expect((await keysmith.keys.verify(first.rawKey)).code).toBe('valid')
    handle.exec('pragma max_page_count = 10000')
    await keysmith.keys.revoke(first.key.id)
    expect((await keysmith.keys.verify(first.rawKey)).code).toBe('revoked')
  })

  it('that fails at a commit undoes the change, and the next one gets its turn', async () => {
    const handle = connect(newFile())
    let fails = false
    const { keysmith } = start({
      store: sqlite({
        prepare: (sql) => handle.prepare(sql),
        close: () => handle.close(),
        exec(sql) {
          if (fails && sql === 'commit') throw Object.assign(new Error('disk I/O error'), { errcode: 10 })
          return handle.exec(sql)
        },
      }),
    })
    const { key, rawKey } = await issue({ keysmith })
    fails = true
    const error = await fault(keysmith.keys.revoke(key.id))
    expect(error.code).toBe('unavailable')
    fails = false
    expect((await keysmith.keys.verify(rawKey)).code).toBe('valid')
    expect((await keysmith.audit.list({ keyId: key.id })).items).toHaveLength(1)
    expect((await keysmith.keys.revoke(key.id)).state).toBe('revoked')
  })
})

describe('a handle of the caller', () => {
  it('stays open when Keysmith is closed', async () => {
    const handle = connect(newFile())
    const keysmith = createKeysmith({ store: sqlite(handle) })
    await issue({ keysmith })
    await keysmith.close()
    expect(handle.prepare('select count(*) as keys from keysmith_keys').all()).toEqual([{ keys: 1 }])
  })
})

describe('a trigger of the user', () => {
  it('that refuses a row makes the change unavailable, and is not taken for a name that exists', async () => {
    const handle = connect(newFile())
    const { keysmith } = start({ store: sqlite(handle) })
    await keysmith.ready()
    handle.exec(`create trigger no before insert on keysmith_audit begin select raise(abort, 'no'); end`)
    expect(await faultCode(keysmith.keys.create({ name: 'x' }))).toBe('unavailable')
    expect(await faultCode(keysmith.scopes.create({ name: 'read' }))).toBe('unavailable')
  })
})
