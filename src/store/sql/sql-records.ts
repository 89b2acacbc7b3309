import type { Store } from '../store.ts'
import { toAuditRecord, toRotationRecord, toScopeRecord, toScopeRow } from './rows.ts'
import type { SqlContext } from './sql-context.ts'
import { paged, within } from './sql-key-reads.ts'
import { insertAudit } from './sql-key-writes.ts'

type RecordMethods = Pick<
  Store,
  | 'createScope'
  | 'listScopes'
  | 'getScope'
  | 'updateScope'
  | 'deleteScope'
  | 'listRotations'
  | 'appendAudit'
  | 'listAudit'
>

export function recordMethods({ db, backend }: SqlContext): RecordMethods {
  const { isUniqueViolation, contains } = backend.capabilities
  return {
    async createScope(scope, audit) {
      try {
        await db.transaction().execute(async (transaction) => {
          await transaction.insertInto('keysmith_scopes').values(toScopeRow(scope)).execute()
          await insertAudit(transaction, audit)
        })
        return 'created'
      } catch (error) {
        if (isUniqueViolation(error)) return 'exists'
        throw error
      }
    },

    async listScopes(realm, page) {
      const rows = await paged(within(db.selectFrom('keysmith_scopes').selectAll(), realm), page).execute()
      return rows.map(toScopeRecord)
    },

    async getScope(realm, name) {
      const scopes = within(db.selectFrom('keysmith_scopes').selectAll(), realm).where('name', '=', name)
      const row = await paged(scopes, { limit: 1, offset: 0, after: undefined }).executeTakeFirst()
      return row && toScopeRecord(row)
    },

    updateScope: ({ id, description }, audit) =>
      db.transaction().execute(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('keysmith_scopes')
          .set({ description })
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
        if (numUpdatedRows === 0n) return false
        await insertAudit(transaction, audit)
        return true
      }),

    deleteScope: ({ id, tenantId, appId, name }, audit) =>
      db.transaction().execute(async (transaction) => {
        const holder = await within(transaction.selectFrom('keysmith_keys').select('id'), { tenantId, appId })
          .where((row) => contains(row.ref('scopes'), JSON.stringify(name)))
          .limit(1)
          .executeTakeFirst()
        if (holder) return 'in_use'
        const { numDeletedRows } = await transaction
          .deleteFrom('keysmith_scopes')
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
        if (numDeletedRows === 0n) return 'absent'
        await insertAudit(transaction, audit)
        return 'deleted'
      }),

    async listRotations(realm, { keyId, from, to }, page) {
      let query = within(db.selectFrom('keysmith_rotations').selectAll(), realm)
      if (keyId !== undefined) query = query.where('key_id', '=', keyId)
      if (from !== undefined) query = query.where('created_at', '>=', from)
      if (to !== undefined) query = query.where('created_at', '<', to)
      const rows = await paged(query, page).execute()
      return rows.map(toRotationRecord)
    },

    async appendAudit(event) {
      await db.transaction().execute((transaction) => insertAudit(transaction, event))
    },

    async listAudit(realm, { keyId, from, to, action, actorId }, page) {
      let query = within(db.selectFrom('keysmith_audit').selectAll(), realm)
      if (keyId !== undefined) query = query.where('key_id', '=', keyId)
      if (from !== undefined) query = query.where('created_at', '>=', from)
      if (to !== undefined) query = query.where('created_at', '<', to)
      if (action !== undefined) query = query.where('action', '=', action)
      if (actorId !== undefined) query = query.where('actor_id', '=', actorId)
      const rows = await paged(query, page).execute()
      return rows.map(toAuditRecord)
    },
  }
}
