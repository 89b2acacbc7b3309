import type { CompiledQuery, Kysely, Transaction } from 'kysely'
import type { AuditRecord } from '../../core/audit.ts'
import type { KeyRecord } from '../../core/key.ts'
import type { ClaimedCreation, CreationOutcome, IdempotencyClaim, KeyCreation, Store } from '../store.ts'
import { toAuditRow, toCredentialRow, toEditableColumns, toKeyRow, toRotationRow } from './rows.ts'
import type { Database, KeyRow } from './schema.ts'
import type { SqlContext } from './sql-context.ts'

type KeyWrites = Pick<
  Store,
  | 'createKey'
  | 'findClaim'
  | 'editKey'
  | 'transition'
  | 'rotateCredential'
  | 'rehashCredential'
  | 'deleteKey'
  | 'markUsed'
  | 'sweep'
>

type Sql = Transaction<Database>

export function keyWrites({ db, backend }: SqlContext): KeyWrites {
  const atomically = <T>(work: (transaction: Sql) => Promise<T>) => db.transaction().execute(work)
  const insertKey = keyInsertion(db)
  const setLastUse = db
    .updateTable('keysmith_keys')
    .set({ last_used_at: 0 })
    .where('id', '=', '')
    .where((row) => row(row.fn.coalesce('last_used_at', 'rotated_at', row.lit(-1)), '<', 0))
    .compile()

  return {
    async createKey(creation) {
      try {
        return await atomically((transaction) => insertKey(transaction, creation))
      } catch (error) {
        if (!backend.capabilities.isUniqueViolation(error)) throw error
        // Someone else was first, with the same claim or with the same identifier: the claim tells which.
        const claimed = creation.claim && (await findClaim(db, creation.claim))
        return claimed ?? { outcome: 'identifier_taken' }
      }
    },

    findClaim: (claim) => findClaim(db, claim),

    editKey: ({ key, changes, at, audit }) =>
      atomically((transaction) =>
        advance(transaction, key, at, changes, toEditableColumns({ ...key, ...changes }), audit),
      ),

    transition: ({ key, to, reason, at, audit }) =>
      atomically((transaction) =>
        advance(
          transaction,
          key,
          at,
          { state: to, stateReason: reason, stateChangedAt: at },
          { state: to, state_reason: reason, state_changed_at: at },
          audit,
        ),
      ),

    rotateCredential: ({ key, credential, rotation, endsAt, drop, at, audit }) =>
      atomically(async (transaction) => {
        const next = await advance(
          transaction,
          key,
          at,
          { hint: credential.hint, lastUsedAt: null, rotatedAt: at },
          { hint: credential.hint, last_used_at: null, rotated_at: at },
          audit,
        )
        if (!next) return undefined
        await transaction
          .updateTable('keysmith_credentials')
          .set({ ends_at: endsAt })
          .where('key_id', '=', key.id)
          .where((row) => row.or([row('ends_at', 'is', null), row('ends_at', '>', endsAt)]))
          .execute()
        if (drop.length > 0) {
          await transaction
            .deleteFrom('keysmith_credentials')
            .where('key_id', '=', key.id)
            .where('id', 'in', drop)
            .execute()
        }
        await transaction.insertInto('keysmith_credentials').values(toCredentialRow(credential)).execute()
        await transaction.insertInto('keysmith_rotations').values(toRotationRow(rotation)).execute()
        return next
      }),

    rehashCredential: (id, from, to) =>
      atomically(async (transaction) => {
        await transaction
          .updateTable('keysmith_credentials')
          .set(to)
          .where('id', '=', id)
          .where('hash', '=', from)
          .execute()
      }),

    deleteKey: ({ key, audit }) =>
      atomically(async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('keysmith_keys')
          .where('id', '=', key.id)
          .where('tenant_id', '=', key.tenantId)
          .where('app_id', '=', key.appId)
          .where('version', '=', key.version)
          .executeTakeFirstOrThrow()
        if (numDeletedRows === 0n) return false
        await transaction.deleteFrom('keysmith_credentials').where('key_id', '=', key.id).execute()
        await transaction.deleteFrom('keysmith_claims').where('key_id', '=', key.id).execute()
        await insertAudit(transaction, audit)
        return true
      }),

    markUsed: (uses) =>
      atomically(async (transaction) => {
        // In order, so that neighbours share a page, and two processes never wait for each other.
        const inOrder = [...uses].sort((left, right) => (left.keyId < right.keyId ? -1 : 1))
        for (const { keyId, at } of inOrder) {
          await transaction.executeQuery({ ...setLastUse, parameters: [at, keyId, at] })
        }
      }),

    sweep: (before) =>
      atomically(async (transaction) => {
        const credentials = await transaction
          .deleteFrom('keysmith_credentials')
          .where('ends_at', '<', before.credentials)
          .executeTakeFirstOrThrow()
        const claims = await transaction
          .deleteFrom('keysmith_claims')
          .where('created_at', '<', before.claims)
          .executeTakeFirstOrThrow()
        return { credentials: Number(credentials.numDeletedRows), claims: Number(claims.numDeletedRows) }
      }),
  }
}

function keyInsertion(db: Kysely<Database>) {
  const insertKeyRow = rowInsertion(db, 'keysmith_keys')
  const insertCredentialRow = rowInsertion(db, 'keysmith_credentials')
  const insertAuditRow = rowInsertion(db, 'keysmith_audit')
  return async (
    transaction: Sql,
    { key, credential, audit, claim }: KeyCreation,
  ): Promise<CreationOutcome> => {
    if (claim) {
      const claimed = await findClaim(transaction, claim)
      if (claimed) return claimed
      await insertClaim(transaction, claim, key.id)
    }
    await insertKeyRow(transaction, toKeyRow(key))
    await insertCredentialRow(transaction, toCredentialRow(credential))
    await insertAuditRow(transaction, toAuditRow(audit))
    return { outcome: 'created' }
  }
}

/** Adds a row with a statement that is compiled once: that takes longer than to run it. Rows must have their columns in one order. */
function rowInsertion<Table extends keyof Database>(db: Kysely<Database>, table: Table) {
  let statement: CompiledQuery | undefined
  return (transaction: Sql, row: Database[Table]) => {
    statement ??= db
      .insertInto(table)
      .values(row as never)
      .compile()
    return transaction.executeQuery({ ...statement, parameters: Object.values(row) })
  }
}

async function findClaim(
  db: Pick<Sql, 'selectFrom'>,
  claim: IdempotencyClaim,
): Promise<ClaimedCreation | undefined> {
  const row = await db
    .selectFrom('keysmith_claims')
    .select(['fingerprint', 'key_id'])
    .where('claimant', '=', claim.claimant)
    .where('token', '=', claim.token)
    .where('created_at', '>=', claim.expiredBefore)
    .executeTakeFirst()
  return row && { outcome: 'claimed', fingerprint: row.fingerprint, keyId: row.key_id }
}

async function insertClaim(transaction: Sql, claim: IdempotencyClaim, keyId: string): Promise<void> {
  const { claimant, token, fingerprint, createdAt } = claim
  await transaction
    .deleteFrom('keysmith_claims')
    .where('claimant', '=', claimant)
    .where('token', '=', token)
    .where('created_at', '<', claim.expiredBefore)
    .execute()
  await transaction
    .insertInto('keysmith_claims')
    .values({ claimant, token, fingerprint, key_id: keyId, created_at: createdAt })
    .execute()
}

/** Writes the next version of a key and its audit event, unless the key has moved on. */
async function advance(
  transaction: Sql,
  key: KeyRecord,
  at: number,
  changes: Partial<KeyRecord>,
  columns: Partial<KeyRow>,
  audit: AuditRecord,
): Promise<KeyRecord | undefined> {
  const { numUpdatedRows } = await transaction
    .updateTable('keysmith_keys')
    .set({ ...columns, updated_at: at, version: key.version + 1 })
    .where('id', '=', key.id)
    .where('tenant_id', '=', key.tenantId)
    .where('app_id', '=', key.appId)
    .where('version', '=', key.version)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) return undefined
  await insertAudit(transaction, audit)
  return Object.freeze({ ...key, ...changes, updatedAt: at, version: key.version + 1 })
}

export async function insertAudit(db: Pick<Sql, 'insertInto'>, event: AuditRecord): Promise<void> {
  await db.insertInto('keysmith_audit').values(toAuditRow(event)).execute()
}
