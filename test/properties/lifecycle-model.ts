/**
 * What a key does, written a second time and from the documentation, as plainly as it goes: the engine is held
 * against it. It shares no code with the engine.
 */

export interface Secret {
  readonly rawKey: string
  /** When its grace ends; undefined while it is the newest. */
  endsAt?: number
}

export type Outcome =
  | 'done'
  | 'key_not_found'
  | 'invalid_transition'
  | 'invalid_request'
  | 'too_many_credentials'

const DAY = 86_400_000

export class KeyModel {
  state: 'active' | 'suspended' | 'revoked' | 'purged' = 'active'
  deleted = false
  expiresAt: number | null = null
  scopes = new Set<string>()
  secrets: Secret[]
  /** Changes that were recorded: the audit trail holds as many events, and the version is one of them less. */
  changes = 1

  constructor(rawKey: string) {
    this.secrets = [{ rawKey }]
  }

  get isOver(): boolean {
    return this.state === 'revoked' || this.state === 'purged'
  }

  shownState(now: number): string {
    return this.state === 'active' && this.hasExpired(now) ? 'expired' : this.state
  }

  hasExpired(now: number): boolean {
    return this.expiresAt !== null && now >= this.expiresAt
  }

  /** What who shows a raw key is told. */
  answer(rawKey: string, required: string | undefined, now: number): string {
    const secret = this.secrets.find((candidate) => candidate.rawKey === rawKey)
    if (this.deleted || !secret) return 'invalid'
    if (this.isOver) return 'revoked'
    if (this.state === 'suspended') return 'suspended'
    if (this.hasExpired(now)) return 'expired'
    if (secret.endsAt !== undefined && now >= secret.endsAt) return 'rotated'
    if (required !== undefined && !this.scopes.has(required)) return 'insufficient_scope'
    return 'valid'
  }

  suspend(): Outcome {
    return this.move('suspended', ['active'])
  }

  reactivate(): Outcome {
    return this.move('active', ['suspended'])
  }

  revoke(): Outcome {
    return this.move('revoked', ['active', 'suspended'])
  }

  purge(): Outcome {
    return this.move('purged', ['active', 'suspended', 'revoked'])
  }

  private move(to: KeyModel['state'], from: KeyModel['state'][]): Outcome {
    if (this.deleted) return 'key_not_found'
    if (this.state === to) return 'done'
    if (!from.includes(this.state)) return 'invalid_transition'
    this.state = to
    this.changes++
    return 'done'
  }

  delete(): Outcome {
    if (this.deleted) return 'key_not_found'
    this.deleted = true
    this.changes++
    return 'done'
  }

  mayRotate(now: number, grace: number): Outcome {
    if (this.deleted) return 'key_not_found'
    if (this.state !== 'active' || this.hasExpired(now)) return 'invalid_transition'
    const live = this.secrets.filter(({ endsAt }) => endsAt === undefined || endsAt > now)
    return grace > 0 && live.length >= 5 ? 'too_many_credentials' : 'done'
  }

  rotated(rawKey: string, now: number, grace: number): void {
    const end = Math.min(now + grace, this.expiresAt ?? Number.POSITIVE_INFINITY)
    for (const secret of this.secrets) secret.endsAt = Math.min(secret.endsAt ?? end, end)
    // A key keeps its newest eight: the ones before them ended long ago.
    this.secrets = [...this.secrets.slice(-7), { rawKey }]
    this.changes++
  }

  setExpiry(expiresAt: number | null, now: number): Outcome {
    if (this.deleted) return 'key_not_found'
    if (this.isOver) return 'invalid_transition'
    if (expiresAt !== null && expiresAt <= now) return 'invalid_request'
    this.expiresAt = expiresAt
    this.changes++
    return 'done'
  }

  changeScopes(change: (scopes: Set<string>) => unknown): Outcome {
    if (this.deleted) return 'key_not_found'
    if (this.isOver) return 'invalid_transition'
    change(this.scopes)
    this.changes++
    return 'done'
  }

  /** Raw keys that ended long ago are forgotten. */
  swept(now: number): void {
    this.secrets = this.secrets.filter(({ endsAt }) => endsAt === undefined || endsAt >= now - 30 * DAY)
  }
}
