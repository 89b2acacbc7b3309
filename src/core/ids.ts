import { typeidUnboxed } from 'typeid-js'

/** TypeID prefixes: an id says what it names. Time-sortable (UUIDv7 inside), 26 characters after the `_`. */
const PREFIXES = {
  key: 'akey',
  credential: 'acrd',
  rotation: 'arot',
  auditEvent: 'aaud',
  scope: 'ascp',
} as const

export type IdKind = keyof typeof PREFIXES

export function newId(kind: IdKind): string {
  return typeidUnboxed(PREFIXES[kind])
}

// Crockford base32 of 128 bits: the first character is 7 at most (TypeID specification 0.3).
const KEY_ID = /^akey_[0-7][0-9a-hjkmnp-tv-z]{25}$/

/** Whether a string is the id of a key, as opposed to its identifier. */
export function isKeyId(value: string): boolean {
  return KEY_ID.test(value)
}
