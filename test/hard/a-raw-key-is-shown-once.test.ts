import { afterAll, test } from 'vitest'
import { expectNoSecretAnywhere } from '../guarantees/secret-search.ts'
import { startServer } from '../http/running-server.ts'

const server = await startServer()
afterAll(server.stop)

test('A raw key is shown once: after 1,000 creates and rotations over HTTP no secret is found anywhere', () =>
  expectNoSecretAnywhere(server, 1_000))
