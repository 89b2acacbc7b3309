/** One thing that can be configured: everything about it, so that flags, variables, file and docs can't differ. */
export interface Setting<Value> {
  /** Environment variable. */
  readonly env: string
  /** A variable that many programs share, read when that one is missing. */
  readonly sharedEnv?: string
  /** Flag, as commander writes it. None for secrets: the arguments of a process are visible to others. */
  readonly flag?: string
  /** Its value is never printed. */
  readonly secret?: true
  /** Of use to the server alone. */
  readonly serverOnly?: true
  readonly default: Value
  /** A value as it stands in the file. */
  readonly example: unknown
  readonly doc: string
  /** The JSON form of what a flag or a variable says. */
  readonly fromText: (text: string) => unknown
  /** Reads the JSON form. @throws {KeysmithError} `invalid_request` that says what to write */
  readonly parse: (json: unknown) => Value
}

/** How the values of a setting are written. */
export type Notation<Value> = Pick<Setting<Value>, 'fromText' | 'parse'>

/** Lets the compiler see that parser and default agree. */
export function setting<Value>(definition: Setting<Value>): Setting<Value> {
  return definition
}
