import { type SelectQueryBuilder, sql } from 'kysely'
import { lowerAscii } from '../../core/ascii.ts'
import { whenReady } from '../../core/maybe-promise.ts'
import type { PageQuery } from '../../core/page.ts'
import type { Realm } from '../../core/realm.ts'
import type { KeyMatch, KeyQuery, Store } from '../store.ts'
import { toCredentialRecord, toKeyRecord } from './rows.ts'
import type { CredentialRow, Database, KeyRow } from './schema.ts'
import type { SqlContext } from './sql-context.ts'

type KeyReads = Pick<Store, 'find' | 'getKey' | 'listCredentials' | 'listKeys' | 'countKeys' | 'hashSchemes'>

/** The row of the verify path: the key, and of its credential what the key's row does not have. */
type MatchRow = KeyRow & {
  credential_id: string
  credential_hash: string
  credential_scheme: string
  credential_hint: string
  credential_created_at: number
  credential_ends_at: number | null
}

export function keyReads({ db, backend }: SqlContext): KeyReads {
  const matchQuery = db
    .selectFrom('keysmith_credentials as c')
    .innerJoin('keysmith_keys as k', 'k.id', 'c.key_id')
    .selectAll('k')
    .select([
      'c.id as credential_id',
      'c.hash as credential_hash',
      'c.scheme as credential_scheme',
      'c.hint as credential_hint',
      'c.created_at as credential_created_at',
      'c.ends_at as credential_ends_at',
    ])
    .where('c.lookup', '=', '')
    .compile()
  let findRows: ReturnType<typeof backend.prepare> | undefined

  return {
    find(lookup) {
      findRows ??= backend.prepare(matchQuery.sql)
      return whenReady(findRows([lookup]), (rows) => toMatch(lookup, rows as readonly MatchRow[]))
    },

    async getKey(realm, reference) {
      const row = await within(db.selectFrom('keysmith_keys').selectAll(), realm)
        .where(
          'id' in reference ? 'id' : 'identifier',
          '=',
          'id' in reference ? reference.id : reference.identifier,
        )
        .executeTakeFirst()
      return row && toKeyRecord(row)
    },

    async listCredentials(keyId) {
      const rows = await db
        .selectFrom('keysmith_credentials')
        .selectAll()
        .where('key_id', '=', keyId)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .execute()
      return rows.map(toCredentialRecord)
    },

    async listKeys(realm, filter, page) {
      const rows = await paged(filtered(realm, filter).selectAll(), page).execute()
      return rows.map(toKeyRecord)
    },

    async countKeys(realm, filter) {
      const { count } = await filtered(realm, filter)
        .select((row) => row.fn.countAll<number | string | bigint>().as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    },

    // One step of the index for each scheme, however many credentials there are.
    async hashSchemes() {
      const schemes: string[] = []
      for (;;) {
        const { next } = await db
          .selectFrom('keysmith_credentials')
          .select((row) => row.fn.min('scheme').as('next'))
          .where('scheme', '>', schemes.at(-1) ?? '')
          .executeTakeFirstOrThrow()
        if (next === null) return schemes
        schemes.push(next)
      }
    },
  }

  function filtered(realm: Realm, filter: KeyQuery) {
    const { environment, policyId, ownerId, identifier, state, q, now } = filter
    let query = within(db.selectFrom('keysmith_keys'), realm)
    if (environment !== undefined) query = query.where('environment', '=', environment)
    if (policyId !== undefined) query = query.where('policy_id', '=', policyId)
    if (ownerId !== undefined) query = query.where('owner_id', '=', ownerId)
    if (identifier !== undefined) query = query.where('identifier', '=', identifier)
    if (state !== undefined) query = query.where('state', '=', state === 'expired' ? 'active' : state)
    if (state === 'expired') query = query.where('expires_at', '<=', now)
    if (state === 'active') {
      query = query.where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', now)]))
    }
    if (q !== undefined) {
      const wanted = lowerAscii(q)
      const holds = (column: 'name' | 'identifier') =>
        backend.capabilities.contains(sql<string>`lower(${sql.ref(column)})`, wanted)
      query = query.where((row) => row.or([holds('name'), holds('identifier')]))
    }
    return query
  }
}

function toMatch(lookup: string, rows: readonly MatchRow[]): KeyMatch | undefined {
  const [row] = rows
  if (!row) return undefined
  if (rows.some(({ id }) => id !== row.id)) throw new Error('Two keys share one lookup value.')
  const credentials = rows.map((match) =>
    toCredentialRecord({
      id: match.credential_id,
      key_id: match.id,
      lookup,
      hash: match.credential_hash,
      scheme: match.credential_scheme,
      hint: match.credential_hint,
      created_at: match.credential_created_at,
      ends_at: match.credential_ends_at,
    } satisfies CredentialRow),
  )
  // A handful at the most: cheaper to sort here than in the statement.
  if (credentials.length > 1)
    credentials.sort(
      (left, right) => (left.createdAt - right.createdAt || (left.id < right.id ? -1 : 1)) * -1,
    )
  return { key: toKeyRecord(row), credentials }
}

type WalledTable = 'keysmith_keys' | 'keysmith_scopes' | 'keysmith_rotations' | 'keysmith_audit'

/** Keeps a query inside the walls. */
export function within<Table extends WalledTable, Row>(
  query: SelectQueryBuilder<Database, Table, Row>,
  { tenantId, appId }: Realm,
): SelectQueryBuilder<Database, Table, Row> {
  let walled = query as unknown as SelectQueryBuilder<Database, WalledTable, Row>
  if (tenantId !== undefined) walled = walled.where('tenant_id', '=', tenantId)
  if (appId !== undefined) walled = walled.where('app_id', '=', appId)
  return walled as unknown as SelectQueryBuilder<Database, Table, Row>
}

/** The rows of a page: by creation, the newest first. */
export function paged<Table extends WalledTable, Row>(
  query: SelectQueryBuilder<Database, Table, Row>,
  { limit, offset, after }: PageQuery,
): SelectQueryBuilder<Database, Table, Row> {
  let page = query as unknown as SelectQueryBuilder<Database, WalledTable, Row>
  if (after) {
    page = page.where((row) =>
      row.or([
        row('created_at', '<', after.createdAt),
        row.and([row('created_at', '=', after.createdAt), row('id', '<', after.id)]),
      ]),
    )
  }
  page = page.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit)
  return (offset > 0 ? page.offset(offset) : page) as unknown as SelectQueryBuilder<Database, Table, Row>
}
