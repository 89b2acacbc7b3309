import type { Duration } from '../../core/durations.ts'
import { DEFAULT_SECRET_LENGTH, MAX_SECRET_LENGTH, MIN_SECRET_LENGTH } from '../../token/native-format.ts'
import { databaseUrl } from './database-url.ts'
import { duration, oneOf, orNone, scopeList, text, wholeNumber, yesOrNo } from './notations.ts'
import { peppers } from './peppers.ts'
import { type Setting, setting } from './setting.ts'

/** Every setting of the CLI and the server. `docs/reference/settings.md` is held against this table by a test. */
export const SETTINGS = {
  host: setting({
    env: 'KEYSMITH_HOST',
    flag: '--host <address>',
    serverOnly: true,
    default: '127.0.0.1',
    example: '127.0.0.1',
    doc: 'Address or host name that the server listens on.',
    ...text(
      /^[A-Za-z0-9.:%_-]{1,253}$/,
      'Write an address or a host name, such as 127.0.0.1, 0.0.0.0 or ::1.',
    ),
  }),
  port: setting({
    env: 'KEYSMITH_PORT',
    flag: '--port <number>',
    serverOnly: true,
    default: 8787,
    example: 8787,
    doc: 'Port that the server listens on; 0 takes a free one.',
    ...wholeNumber(0, 65_535),
  }),
  databaseUrl: setting({
    env: 'KEYSMITH_DATABASE_URL',
    sharedEnv: 'DATABASE_URL',
    flag: '--database-url <url>',
    secret: true,
    default: 'sqlite:keysmith.db',
    example: 'sqlite:keysmith.db',
    doc: 'Where the keys are kept: `sqlite:<path>`, `sqlite:///<absolute path>` or `sqlite::memory:`.',
    ...databaseUrl,
  }),
  migrate: setting({
    env: 'KEYSMITH_MIGRATE',
    flag: '--no-migrate',
    default: true,
    example: true,
    doc: 'Whether to make and migrate the database when it is opened. When false, `keysmith migrate` does it.',
    ...yesOrNo,
  }),
  rootKey: setting<string | null>({
    env: 'KEYSMITH_ROOT_KEY',
    secret: true,
    serverOnly: true,
    default: null,
    example: '<32 characters or more>',
    doc: 'The root management key of the server. Without it, the first start makes one and prints it once.',
    ...text(
      /^[\x21-\x7e]{32,1024}$/,
      'Write 32 or more visible ASCII characters without spaces, from a secure random source: openssl rand -hex 32.',
    ),
  }),
  peppers: setting({
    env: 'KEYSMITH_PEPPERS',
    secret: true,
    default: [],
    example: [{ version: 1, secret: '<32 characters or more>' }],
    doc: 'Secrets that raw keys are hashed with (`hmac-sha256`), the newest first: `2:secret,1:secret`. None: `sha256`.',
    ...peppers,
  }),
  prefix: setting({
    env: 'KEYSMITH_PREFIX',
    flag: '--prefix <prefix>',
    default: 'sk',
    example: 'sk',
    doc: 'First part of new raw keys.',
    ...text(/^[a-z][a-z0-9_]{0,15}$/, 'Write 1 to 16 lower-case letters, digits and _, a letter first.'),
  }),
  environment: setting({
    env: 'KEYSMITH_ENVIRONMENT',
    flag: '--environment <name>',
    default: 'live',
    example: 'live',
    doc: 'Second part of new raw keys.',
    ...text(/^[a-z][a-z0-9]{0,15}$/, 'Write 1 to 16 lower-case letters and digits, a letter first.'),
  }),
  secretLength: setting({
    env: 'KEYSMITH_SECRET_LENGTH',
    flag: '--secret-length <characters>',
    default: DEFAULT_SECRET_LENGTH,
    example: DEFAULT_SECRET_LENGTH,
    doc: `Characters of the secret in new raw keys, ${MIN_SECRET_LENGTH} to ${MAX_SECRET_LENGTH}; 43 are 256 bits.`,
    ...wholeNumber(MIN_SECRET_LENGTH, MAX_SECRET_LENGTH),
  }),
  defaultExpiry: setting({
    env: 'KEYSMITH_DEFAULT_EXPIRY',
    flag: '--default-expiry <duration>',
    default: null,
    example: '90d',
    doc: 'Lifetime of new keys that name none. `none` (null in the file): they never expire.',
    ...orNone(duration(1)),
  }),
  gracePeriod: setting<Duration>({
    env: 'KEYSMITH_GRACE_PERIOD',
    flag: '--grace-period <duration>',
    default: '24h',
    example: '24h',
    doc: 'How long a replaced raw key verifies, when the rotation names no grace.',
    ...duration(0),
  }),
  availableScopes: setting<readonly string[] | null>({
    env: 'KEYSMITH_AVAILABLE_SCOPES',
    flag: '--available-scopes <list>',
    default: null,
    example: ['read:users', 'write:users'],
    doc: 'The scopes that keys can hold: these, and those below them. None: any scope.',
    ...scopeList(1),
  }),
  defaultScopes: setting({
    env: 'KEYSMITH_DEFAULT_SCOPES',
    flag: '--default-scopes <list>',
    default: [],
    example: ['read:users'],
    doc: 'The scopes of new keys that name none.',
    ...scopeList(0),
  }),
  logLevel: setting({
    env: 'KEYSMITH_LOG_LEVEL',
    flag: '--log-level <level>',
    serverOnly: true,
    default: 'info',
    example: 'info',
    doc: 'What the server logs: fatal, error, warn, info, debug, trace, or silent for nothing.',
    ...oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  }),
  requestTimeout: setting<Duration>({
    env: 'KEYSMITH_REQUEST_TIMEOUT',
    flag: '--request-timeout <duration>',
    serverOnly: true,
    default: '30s',
    example: '30s',
    doc: 'How long a request may take to arrive whole.',
    ...duration(1),
  }),
} satisfies Record<string, Setting<unknown>>

export type SettingName = keyof typeof SETTINGS

/** The value of every setting. */
export type Settings = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name] extends Setting<infer Value> ? Value : never
}

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[]

/** The path of the file; it can't be named in the file itself. */
export const CONFIG = {
  env: 'KEYSMITH_CONFIG',
  flag: '--config <path>',
  default: 'keysmith.json',
  doc: 'Path of the JSON file with settings.',
} as const
