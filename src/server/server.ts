import { createRequire } from 'node:module'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { KeysmithError } from '../core/errors.ts'
import type { Keysmith } from '../engine/surface.ts'
import { answerBrokenAddress, answerBrokenRequests, answerErrors } from './answer-errors.ts'
import { drainOnClose } from './drain.ts'
import { lazyCompilers } from './lazy-compilers.ts'
import { createManagement } from './management.ts'
import { mountRoutes } from './mount-routes.ts'
import { describeApi } from './openapi.ts'
import { requestId, watchRequests } from './requests.ts'

export interface ServerOptions {
  readonly keysmith: Keysmith
  /** The root management key, 32 characters or more; without it, only stored management keys are let in. */
  readonly rootKey?: string | undefined
  /** pino, or what is like it; nothing is logged when missing. It gets no raw key, no query and no header. */
  readonly logger?: FastifyBaseLogger | undefined
  /** Milliseconds that a request may take to arrive whole; 30,000 by default. */
  readonly requestTimeout?: number | undefined
}

/** Characters of a root key, at the least. */
export const MIN_ROOT_KEY_LENGTH = 32
const MAX_BODY = 64 * 1024
const MAX_HEADERS = 16 * 1024
const MAX_URL_PARAMETER = 256
const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

/**
 * The HTTP API over an engine. It keeps no state: any number of servers can share one database. Closing it answers
 * what is under way, for 10 seconds at most; it does not close the engine.
 *
 * @example
 * const server = await createServer({ keysmith, rootKey: process.env.KEYSMITH_ROOT_KEY })
 * await server.listen({ host: '127.0.0.1', port: 8787 })
 */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { keysmith, rootKey, logger, requestTimeout = 30_000 } = options
  if (rootKey !== undefined && rootKey.length < MIN_ROOT_KEY_LENGTH) {
    throw new KeysmithError(
      'invalid_configuration',
      `rootKey: use ${MIN_ROOT_KEY_LENGTH} characters or more, from a secure random source.`,
    )
  }
  const app: FastifyInstance = Fastify({
    ...(logger && { loggerInstance: logger }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY,
    requestTimeout,
    http: { maxHeaderSize: MAX_HEADERS },
    routerOptions: { maxParamLength: MAX_URL_PARAMETER },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allowUnionTypes: true } },
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: answerBrokenRequests,
    frameworkErrors: answerBrokenAddress,
    genReqId: requestId,
    schemaController: lazyCompilers(),
  })
  drainOnClose(app)
  watchRequests(app)
  answerErrors(app)
  await describeApi(app, version)
  mountRoutes(app, keysmith, createManagement(keysmith, rootKey))
  return app
}
