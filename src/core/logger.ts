/** What the engine needs of a logger; pino, winston and `console`-like loggers fit. It never gets a raw key. */
export interface Logger {
  warn(fields: Record<string, unknown>, message: string): void
  error(fields: Record<string, unknown>, message: string): void
}
