import { KeysmithError } from './errors.ts'

/**
 * Scopes that key Keysmith itself. `*` does not cover them, so that a customer's key with every scope of the
 * customer's API is no management key: they are held by name only.
 */
export const MANAGEMENT = 'keysmith'

/** A permission name, hierarchical by `:`. `*` stands alone or as the last part (`read:*`). */
export const SCOPE_PATTERN = /^(\*|[A-Za-z0-9_][A-Za-z0-9_./-]*(:[A-Za-z0-9_][A-Za-z0-9_./-]*)*(:\*)?)$/
export const MAX_SCOPE_LENGTH = 128
export const MAX_SCOPES = 100

function isManagementScope(scope: string): boolean {
  return scope === MANAGEMENT || scope.startsWith(`${MANAGEMENT}:`)
}

/** Whether any of the scopes makes its key a management key. */
export function holdsManagementScope(scopes: readonly string[]): boolean {
  return scopes.some(isManagementScope)
}

/**
 * Whether one granted scope covers a required one: the same, an ancestor (`read` covers `read:users`),
 * a wildcard (`read:*` covers `read:users`, not `read`), or `*` (all but management scopes).
 */
export function covers(granted: string, required: string): boolean {
  if (granted === required) return true
  if (granted === '*') return !isManagementScope(required)
  if (granted.endsWith(':*')) return required.startsWith(granted.slice(0, -1))
  return required.startsWith(granted) && required[granted.length] === ':'
}

/** Whether every scope of `wanted` is covered by one of `granted`. */
export function coversAll(granted: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((scope) => granted.some((held) => covers(held, scope)))
}

/**
 * The scopes that may be given or required where these are available: these, those below them, and management
 * scopes. Where any is available: any.
 *
 * @example ScopesWithin<'read' | 'write:users'> // 'read', 'read:users', 'write:users', 'keysmith:keys:verify', …
 */
export type ScopesWithin<Scope extends string> = ScopesFrom<Scope> | ManagementScope

/** These scopes, and those below them. */
export type ScopesFrom<Scope extends string> = Scope extends '*'
  ? string
  : Scope | `${Scope extends `${infer Parent}:*` ? Parent : Scope}:${string}`
type ManagementScope = typeof MANAGEMENT | `${typeof MANAGEMENT}:${string}`

/**
 * The scopes that a request needs: one, all of a list, or `{ all }` / `{ any }` of requirements, nested up to
 * 8 deep.
 *
 * @example { any: ['admin', { all: ['read:users', 'read:teams'] }] }
 */
export type ScopeRequirement<Scope extends string = string> =
  | ScopesWithin<Scope>
  | readonly ScopeRequirement<Scope>[]
  | { readonly all: readonly ScopeRequirement<Scope>[] }
  | { readonly any: readonly ScopeRequirement<Scope>[] }

const MAX_DEPTH = 8

/**
 * Refuses a requirement that can't be read.
 *
 * @throws {KeysmithError} `invalid_request`: a guard with a typo never lets through
 */
export function assertRequirement(required: ScopeRequirement, depth = 0): void {
  if (typeof required === 'string') {
    if (SCOPE_PATTERN.test(required)) return
    throw malformed()
  }
  if (depth >= MAX_DEPTH || typeof required !== 'object' || required === null) throw malformed()
  const parts = Array.isArray(required) ? required : partsOf(required)
  for (const part of parts) assertRequirement(part, depth + 1)
}

function partsOf(required: object): readonly ScopeRequirement[] {
  const { all, any, ...rest } = required as { all?: unknown; any?: unknown }
  if (Object.keys(rest).length > 0 || (all === undefined) === (any === undefined)) throw malformed()
  const parts = all ?? any
  if (!Array.isArray(parts) || (any !== undefined && parts.length === 0)) throw malformed()
  return parts
}

/** Whether granted scopes meet a requirement, one that {@link assertRequirement} lets pass. */
export function meets(granted: readonly string[], required: ScopeRequirement): boolean {
  if (typeof required === 'string') return granted.some((held) => covers(held, required))
  if ('any' in required) return required.any.some((part) => meets(granted, part))
  const parts = 'all' in required ? required.all : required
  return parts.every((part) => meets(granted, part))
}

function malformed(): KeysmithError {
  return new KeysmithError(
    'invalid_request',
    'Write required scopes as a scope, a list of scopes, or { all: [...] } or { any: [...] } of these, nested 8 deep at most.',
  )
}

/** A scope in the registry: what a permission name means, for the people who choose scopes. */
export interface Scope {
  readonly id: string
  readonly tenantId: string
  readonly appId: string
  readonly name: string
  readonly description: string
  readonly createdAt: Date
}
