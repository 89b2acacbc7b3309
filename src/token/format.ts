/** A raw key that was just made: the only moment at which it is known. */
export interface IssuedRawKey {
  readonly rawKey: string
  /** The public part. */
  readonly identifier: string
  /** What a store finds it by. */
  readonly lookup: string
  /** Its last four characters. */
  readonly hint: string
}

/** What a well-formed raw key says about itself, before anything is known of its secret. */
export interface ParsedRawKey {
  readonly identifier: string
  readonly lookup: string
}

export interface IssueOptions {
  readonly prefix: string
  readonly environment: string
  /** The identifier that the raw key must have: at rotation. A new one otherwise. */
  readonly identifier?: string
}

/** A shape of raw keys. All formats that are switched on live side by side. */
export interface RawKeyFormat {
  readonly name: string
  issue(options: IssueOptions): IssuedRawKey
  /** Undefined for what is not of this format, or fails its checksum: decided with no I/O. */
  parse(rawKey: string): ParsedRawKey | undefined
  /** What the raw keys of a known identifier are found by; undefined for what is no identifier of this format. */
  lookupOf(identifier: string): string | undefined
}
